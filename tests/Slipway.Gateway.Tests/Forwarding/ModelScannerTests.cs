using System.Buffers;
using System.Text;
using System.Text.Json;
using CsCheck;
using Slipway.Gateway.Forwarding;
using Slipway.Testing;

namespace Slipway.Gateway.Tests.Forwarding;

public sealed class ModelScannerTests
{
    [Theory]
    [InlineData("""{"model":"tiny-chat"}""", ScanOutcome.Found, "tiny-chat")]
    [InlineData("""{"messages":[{"role":"user","content":"{\"model\":\"no\"}"}],"model":"last"}""", ScanOutcome.Found, "last")]
    [InlineData("""{"options":{"model":"nested"},"model":"top"}""", ScanOutcome.Found, "top")]
    [InlineData("""{"model":"\u0061b"}""", ScanOutcome.Found, "ab")]
    [InlineData("""{"messages":[]}""", ScanOutcome.Absent, null)]
    [InlineData("""{"model":7}""", ScanOutcome.Absent, null)]
    [InlineData("""["model","x"]""", ScanOutcome.Malformed, null)]
    [InlineData("""{"messages":""", ScanOutcome.Malformed, null)]
    [InlineData("not json", ScanOutcome.Malformed, null)]
    [InlineData("", ScanOutcome.Malformed, null)]
    public void The_top_level_model_of_a_whole_body_is_found(string body, ScanOutcome expected, string? model)
    {
        Assert.Equal(expected, ModelScanner.Scan(Sequence(body), complete: true, out var found));
        Assert.Equal(model, found);
    }

    [Fact]
    public void A_body_that_comes_in_pieces_gives_the_same_answer_as_a_whole_one()
    {
        var body = """{"messages":[{"role":"user","content":"héllo \" [ {"}],"stream":true,"model":"tiny-chat","n":1}"""u8.ToArray();
        for (var length = 0; length < body.Length; length++)
        {
            var outcome = ModelScanner.Scan(new ReadOnlySequence<byte>(body, 0, length), complete: false, out var early);
            Assert.True(outcome is ScanOutcome.NeedMore || early == "tiny-chat", $"After {length} bytes: {outcome}");
        }
    }

    [Fact]
    public void Bytes_of_any_kind_never_throw() =>
        Gen.Byte.Array[0, 200].Sample(bytes =>
        {
            _ = ModelScanner.Scan(new ReadOnlySequence<byte>(bytes), complete: true, out _);
            _ = ModelScanner.Scan(new ReadOnlySequence<byte>(bytes), complete: false, out _);
        });

    [Fact]
    public void What_a_JSON_parser_finds_is_what_the_scanner_finds() =>
        Gen.Select(Gen.String[0, 20], Gen.String[0, 20], Gen.Bool).Sample((text, model, first) =>
        {
            var other = $"\"input\":{JsonSerializer.Serialize(text)}";
            var named = $"\"model\":{JsonSerializer.Serialize(model)}";
            var body = first ? $"{{{named},{other}}}" : $"{{{other},{named}}}";
            Assert.Equal(ScanOutcome.Found, ModelScanner.Scan(Sequence(body), complete: true, out var found));
            Assert.Equal(JsonDocument.Parse(body).RootElement.GetProperty("model").GetString(), found);
        });

    [Fact]
    public void Looking_past_a_long_prompt_allocates_nothing_but_the_name()
    {
        var body = Sequence($$"""{"prompt":"{{new string('x', 100_000)}}","model":"m"}""");
        Assert.InRange(Allocated.By(() => ModelScanner.Scan(body, complete: true, out _)), 0, 64);
    }

    private static ReadOnlySequence<byte> Sequence(string body) => new(Encoding.UTF8.GetBytes(body));
}
