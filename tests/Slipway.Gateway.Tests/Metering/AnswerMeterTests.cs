using System.Text;
using CsCheck;
using Slipway.Gateway.Metering;
using Slipway.Testing;

namespace Slipway.Gateway.Tests.Metering;

public sealed class AnswerMeterTests
{
    // As engines send them, shortened.
    public static TheoryData<string, string, long?, long?, long?> Answers => new()
    {
        { "llama-server, whole", """{"choices":[{"finish_reason":"stop","index":0,"message":{"role":"assistant","content":"Hi"}}],"created":1,"model":"m","object":"chat.completion","usage":{"completion_tokens":7,"prompt_tokens":11,"total_tokens":18,"prompt_tokens_details":{"cached_tokens":3}},"id":"x","timings":{"cache_n":3,"prompt_n":8,"predicted_n":7}}""", 11, 3, 7 },
        { "llama-server, vectors", """{"model":"m","object":"list","usage":{"prompt_tokens":6,"total_tokens":6},"data":[{"embedding":[0.1],"index":0,"object":"embedding"}]}""", 6, null, null },
        { "Python, with spaces", """{"id": "x", "usage": {"prompt_tokens": 5, "total_tokens": 14, "completion_tokens": 9}}""", 5, null, 9 },
        { "Messages, whole", """{"content":[],"usage":{"input_tokens":4,"cache_creation_input_tokens":2,"cache_read_input_tokens":10,"output_tokens":5}}""", 16, 10, 5 },
        { "null, and a text about it", """{"choices":[{"message":{"content":"say \"usage\":{\"prompt_tokens\":1} or {\"usage\":{\"prompt_tokens\":2}}"}}],"usage":null}""", null, null, null },
        { "no numbers", """{"usage":{"prompt_tokens":"many","completion_tokens":-1}}""", null, null, null },
        { "broken", """{"usage":{"prompt_tokens":3,"completion_tokens":x""", 3, null, null },
        { "nothing", "", null, null, null },
    };

    [Theory]
    [MemberData(nameof(Answers))]
    public void What_engines_say_of_tokens_is_found(string name, string answer, long? tokensIn, long? cached, long? tokensOut)
    {
        Assert.NotEmpty(name);
        Assert.Equal(new TokenUsage(tokensIn, cached, tokensOut), Read(streamed: false, answer).Usage);
    }

    [Fact]
    public void Usage_is_found_behind_and_before_a_long_answer()
    {
        var text = new string('a', 300_000);
        Assert.Equal(new TokenUsage(11, null, 7), Read(false, $$$"""{"content":"{{{text}}}","usage":{"prompt_tokens":11,"completion_tokens":7}}""").Usage);
        Assert.Equal(new TokenUsage(6, null, null), Read(false, $$$"""{"usage":{"prompt_tokens":6},"data":"{{{text}}}"}""").Usage);
    }

    [Fact]
    public void A_streams_events_are_counted_without_the_mark_of_its_end()
    {
        var answer = Read(true, ": keep-alive\n\ndata: {\"choices\":[{\"delta\":{\"role\":\"assistant\"}}]}\n\ndata: {\"choices\":[{\"delta\":{\"content\":\"data: x\"}}]}\n\ndata: [DONE]\n\n");
        Assert.Equal((2, false, new TokenUsage()), (answer.Events, answer.Failed, answer.Usage));
    }

    [Fact]
    public void Of_named_events_only_those_with_a_delta_are_tokens()
    {
        var answer = Read(
            true,
            "event: message_start\r\ndata: {\"type\":\"message_start\",\"message\":{\"usage\":{\"input_tokens\":25,\"output_tokens\":1}}}\r\n\r\n" +
            "event: ping\r\ndata: {}\r\n\r\nevent: content_block_delta\r\ndata: {\"delta\":{\"text\":\"Hi\"}}\r\n\r\nevent: content_block_delta\r\ndata: {\"delta\":{\"text\":\"!\"}}\r\n\r\n" +
            "event: content_block_stop\r\ndata: {}\r\n\r\nevent: message_stop\r\ndata: {\"usage\":{\"output_tokens\":15}}\r\n\r\n");
        Assert.Equal((2, new TokenUsage(25, null, 15)), (answer.Events, answer.Usage));
    }

    [Fact]
    public void A_stream_that_was_not_asked_for_usage_has_llama_servers_timings()
    {
        var answer = Read(true, "data: {\"choices\":[{\"delta\":{\"content\":\"a\"}}]}\n\ndata: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}],\"timings\":{\"cache_n\":30,\"prompt_n\":12,\"predicted_n\":5}}\n\ndata: [DONE]\n\n");
        Assert.Equal(new TokenUsage(42, 30, 5), answer.Usage);
    }

    [Theory]
    [InlineData("data: {\"x\":1}\n\ndata: {\"error\":{\"message\":\"out of memory\",\"code\":500}}\n\ndata: [DONE]\n\n", true, 1)]
    [InlineData("data: {\"x\":1}\n\nevent: error\ndata: {\"type\":\"error\",\"error\":{}}\n\n", true, 1)]
    [InlineData("data: {\"content\":\"data: {\\\"error\\\":1}\"}\n\n", false, 1)]
    public void An_error_in_the_middle_of_a_stream_is_seen(string stream, bool failed, long events)
    {
        var answer = Read(true, stream);
        Assert.Equal((failed, events), (answer.Failed, answer.Events));
    }

    [Fact]
    public void It_makes_no_difference_in_which_pieces_an_answer_comes() =>
        Gen.Select(Gen.Int[1, 60], Gen.Int[1, 700].Array[1, 30], Gen.Int[0, 400]).Sample((events, cuts, padding) =>
        {
            var stream = string.Concat(Enumerable.Range(0, events).Select(i => $"data: {{\"choices\":[{{\"delta\":{{\"content\":\"{new string('ä', padding * i % 300)}\"}}}}]}}\r\n\r\n"))
                + "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":31,\"completion_tokens\":77}}\n\ndata: [DONE]\n\n";
            var bytes = Encoding.UTF8.GetBytes(stream);
            var meter = Begin(streamed: true);
            var (at, piece) = (0, 0);
            for (; at < bytes.Length; piece++)
            {
                var length = Math.Min(cuts[piece % cuts.Length], bytes.Length - at);
                meter.Saw(bytes.AsSpan(at, length), 1 + piece);
                at += length;
            }

            var answer = meter.Read();
            Assert.Equal((events + 1, new TokenUsage(31, null, 77), bytes.Length), (answer.Events, answer.Usage, answer.Bytes));
            Assert.True(answer.First >= 1 && answer.Last <= piece);
        });

    [Fact]
    public void Watching_an_answer_allocates_nothing()
    {
        var part = "data: {\"id\":\"x\",\"object\":\"chat.completion.chunk\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\" token\"}}]}\n\n"u8.ToArray();
        var usage = "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":31,\"completion_tokens\":77}}\n\ndata: [DONE]\n\n"u8.ToArray();
        var meter = new AnswerMeter();
        Assert.Equal(0, Allocated.By(Watch));

        void Watch()
        {
            meter.Reset();
            meter.Begin(streamed: true);
            for (var i = 0; i < 200; i++) meter.Saw(part, i);
            meter.Saw(usage, 200);
            if (meter.Read() is not { Events: 201, Usage.Out: 77 }) throw new InvalidOperationException("it was not read");
        }
    }

    private static AnswerMeter Begin(bool streamed)
    {
        var meter = new AnswerMeter();
        meter.Reset();
        meter.Begin(streamed);
        return meter;
    }

    private static AnswerFigures Read(bool streamed, string answer)
    {
        var meter = Begin(streamed);
        meter.Saw(Encoding.UTF8.GetBytes(answer), 1);
        return meter.Read();
    }
}
