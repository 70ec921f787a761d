using System.Text.Json.Nodes;
using CsCheck;
using Slipway.Web.Manifests;

namespace Slipway.Web.Tests.Manifests;

public sealed class YamlTextTests
{
    private static readonly Gen<string> s_text = Gen.Char[" aZ09:-#'\"\n\t{}[],&*!|>%@`~é"].Array[0, 12].Select(static c => new string(c));

    [Fact]
    public void What_is_written_reads_back_as_it_was() => Gen.Select(s_text.Array[1, 4], s_text, Gen.Long, Gen.Bool).Sample((keys, text, number, flag) =>
    {
        var map = new JsonObject { ["number"] = number, ["flag"] = flag, ["list"] = new JsonArray(JsonValue.Create(text), null, new JsonObject { ["x"] = text }) };
        foreach (var key in keys) map["k" + key] = text;
        var back = YamlText.Read(YamlText.Write(map) + "\n");
        Assert.True(JsonNode.DeepEquals(map, back), $"{map.ToJsonString()}\n{back?.ToJsonString()}\n{YamlText.Write(map)}");
    }, iter: 2000);

    [Theory]
    [InlineData("a: 1\na: 2", "Line 2: a is given twice")]
    [InlineData("a: [1", "Line ")]
    [InlineData("a: &x [1]\nb: *x", "write the value out")]
    [InlineData("a: 1\n---\nb: 2", "more than one document")]
    public void What_is_wrong_is_said_with_its_place(string text, string message) =>
        Assert.Contains(message, Assert.Throws<FormatException>(() => YamlText.Read(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void No_text_is_read_without_bounds()
    {
        Assert.Throws<FormatException>(() => YamlText.Read(new string('[', 200) + new string(']', 200)));
        Assert.Throws<FormatException>(() => YamlText.Read("[" + string.Join(',', Enumerable.Repeat("1", 30_000)) + "]"));
    }
}
