using Slipway.Api.Meta;
using Slipway.Web.Manifests;

namespace Slipway.Web.Tests.Manifests;

public sealed class LinesTests
{
    private static readonly EnvVar s_secret = new() { Name = "TOKEN", ValueFrom = new EnvVarSource { SecretKeyRef = new KeySelector { Key = "token", Name = "hub" } } };

    [Fact]
    public void Flags_are_read_as_they_are_written()
    {
        var args = Lines.Read("--max-num-seqs=64\r\nenable-lora\n\nchat-template-kwargs={\"a\": \"b=c\"}\n", (IReadOnlyDictionary<string, string>?)null);
        Assert.Equal(new SortedDictionary<string, string>(StringComparer.Ordinal) { ["max-num-seqs"] = "64", ["enable-lora"] = "", ["chat-template-kwargs"] = "{\"a\": \"b=c\"}" }, args);
        Assert.Equal(args, Lines.Read(Lines.Of(args), args));
        Assert.Null(Lines.Read(" \n", args));
    }

    [Fact]
    public void Variables_keep_what_lines_cannot_say()
    {
        IReadOnlyList<EnvVar> before = [new EnvVar { Name = "A", Value = "1" }, s_secret, new EnvVar { Name = "EMPTY", Value = "" }, new EnvVar { Name = "TEXT", Value = "two\nlines" }];
        Assert.Equal("A=1\nEMPTY=", Lines.Of(before));
        Assert.Equal(2, Lines.Left(before));
        Assert.Equal(["TOKEN", "TEXT", "B", "NONE"], Lines.Read("B= x \nNONE", before)!.Select(static v => v.Name));
        Assert.Equal([" x ", null], Lines.Read("B= x \nNONE", before)!.Skip(2).Select(static v => v.Value));
        Assert.Equal(["TOKEN", "TEXT"], Lines.Read(null, before)!.Select(static v => v.Name));
    }

    [Theory]
    [InlineData("=1", "\"=1\" is no NAME=VALUE.")]
    [InlineData("a b=1", "\"a b=1\" is no NAME=VALUE.")]
    [InlineData("A=1\nA=2", "A is there twice.")]
    [InlineData("TOKEN=1", "TOKEN is there twice.")]
    public void What_is_no_line_is_said(string text, string message) =>
        Assert.Equal(message, Assert.Throws<FormatException>(() => Lines.Read(text, [s_secret])).Message);
}
