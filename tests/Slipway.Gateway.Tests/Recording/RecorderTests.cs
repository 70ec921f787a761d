using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Slipway.Gateway.Recording;
using Slipway.Gateway.Recording.Storage;
using Slipway.Gateway.Routing;
using Slipway.Gateway.Tests.Wire;

namespace Slipway.Gateway.Tests.Recording;

/// <summary>What is kept of what users say, and what is not.</summary>
public sealed class RecorderTests : IAsyncLifetime
{
    private const string Ask = """{"model":"m","user":"u-17","messages":[{"role":"user","content":"I am jane\u0040doe.org"}]}""";
    private const string Answer = """{"choices":[{"index":0,"message":{"role":"assistant","content":"Hello jane@doe.org"},"finish_reason":"stop"}]}""";

    private static readonly System.Text.Json.JsonSerializerOptions s_readable = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("slipway-recordings-");
    private readonly Router _router = new();
    private readonly HttpClient _client = new();
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 27, 8, 0, 0, TimeSpan.Zero));
    private RecorderOptions _options = null!;
    private Recorder _recorder = null!;
    private GatewayServer _gateway = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _options = new RecorderOptions { Folder = Path.Combine(_folder.FullName, "recordings"), KeyFile = Path.Combine(_folder.FullName, "keys", "recordings.key"), Time = _time };
        _recorder = new Recorder(_options, NullLogger<Recorder>.Instance);
        _gateway = await GatewayServer.StartAsync(new GatewayOptions { Recorder = _recorder, Time = _time }, _router, NullLoggerFactory.Instance, Token);
        _client.BaseAddress = _gateway.Address;
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _gateway.DisposeAsync();
        await _recorder.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_request_and_its_answer_are_kept_redacted_and_encrypted_for_their_owner_alone()
    {
        await using var engine = Play(static c => c.AnswerAsync(Answer));
        await AskAsync(Ask);
        var line = Assert.Single(await ReadAsync());
        Assert.Equal("""{"model":"m","messages":[{"role":"user","content":"I am [email]"}]}""", line["request"]!.ToJsonString());
        Assert.Equal("Hello [email]", (string?)line["response"]!["choices"]![0]!["message"]!["content"]);
        Assert.Equal(("default/m", "/v1/chat/completions", _time.Start.ToUnixTimeSeconds()), ((string?)line["deployment"], (string?)line["url"], (long?)line["created"]));
        foreach (var file in _folder.EnumerateFiles("*", SearchOption.AllDirectories))
        {
            Assert.DoesNotContain("messages", await File.ReadAllTextAsync(file.FullName, Token));
            if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, file.UnixFileMode);
        }
    }

    [Fact]
    public async Task A_stream_is_kept_as_the_answer_that_it_comes_to()
    {
        await using var engine = Play(static c => c.SayAsync("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n" + string.Concat(((string[])
        [
            """{"choices":[{"index":0,"delta":{"role":"assistant","content":""}}]}""",
            """{"choices":[{"index":0,"delta":{"content":"It is jane@d"}}]}""",
            """{"choices":[{"index":0,"delta":{"content":"oe.org"}}]}""",
            """{"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"c","function":{"name":"f","arguments":"{\"a\":"}}]}}]}""",
            """{"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":"1}"}}]},"finish_reason":"tool_calls"}]}""",
            """{"choices":[],"usage":{"completion_tokens":4}}""",
            "[DONE]",
        ]).Select(static e => $"data: {e}\n\n"))));
        await AskAsync(Ask);
        var response = Assert.Single(await ReadAsync())["response"]!;
        Assert.Equal(
            """{"choices":[{"index":0,"message":{"role":"assistant","content":"It is [email]","tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":"{\"a\":1}"}}]},"finish_reason":"tool_calls"}],"usage":{"completion_tokens":4}}""",
            response.ToJsonString(s_readable));
    }

    [Fact]
    public async Task A_stream_of_the_Responses_API_is_kept_without_what_it_says_again_of_who_asked()
    {
        await using var engine = Play(static c => StreamAsync(
            c,
            """{"type":"response.created","response":{"id":"resp_1","status":"in_progress","output":[],"user":"u-17"}}""",
            """{"type":"response.output_item.added","output_index":0,"item":{"type":"message","id":"msg_1","role":"assistant","content":[]}}""",
            """{"type":"response.output_text.delta","item_id":"msg_1","output_index":0,"content_index":0,"delta":"It is jane@d"}""",
            """{"type":"response.output_text.delta","item_id":"msg_1","output_index":0,"content_index":0,"delta":"oe.org"}""",
            """{"type":"response.output_text.done","item_id":"msg_1","output_index":0,"content_index":0,"text":"It is jane@doe.org"}""",
            """{"type":"response.output_item.done","output_index":0,"item":{"type":"message","id":"msg_1","role":"assistant","status":"completed","content":[{"type":"output_text","text":"It is jane@doe.org","annotations":[]}]}}""",
            """{"type":"response.output_item.done","output_index":1,"item":{"type":"function_call","call_id":"c","name":"f","arguments":"{\"a\":1}"}}""",
            """{"type":"response.completed","response":{"id":"resp_1","status":"completed","user":"u-17","metadata":{"who":"jane"},"store":true,"output":[],"usage":{"input_tokens":3,"output_tokens":4}}}"""));
        await AskAsync("""{"model":"m","stream":true,"input":"I am jane@doe.org"}""", path: "/v1/responses");
        var line = Assert.Single(await ReadAsync());
        Assert.Equal(("/v1/responses", """{"model":"m","stream":true,"input":"I am [email]"}"""), ((string?)line["url"], line["request"]!.ToJsonString()));
        Assert.Equal(
            """{"id":"resp_1","status":"completed","output":[{"type":"message","id":"msg_1","role":"assistant","status":"completed","content":[{"type":"output_text","text":"It is [email]","annotations":[]}]},{"type":"function_call","call_id":"c","name":"f","arguments":"{\"a\":1}"}],"usage":{"input_tokens":3,"output_tokens":4}}""",
            line["response"]!.ToJsonString(s_readable));
    }

    [Fact]
    public async Task A_stream_of_the_Messages_API_is_kept_as_the_message_that_it_comes_to()
    {
        await using var engine = Play(static c => StreamAsync(
            c,
            """{"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","model":"m","content":[],"stop_reason":null,"usage":{"input_tokens":3,"output_tokens":1}}}""",
            """{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}""",
            """{"type":"ping"}""",
            """{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"It is jane@d"}}""",
            """{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"oe.org"}}""",
            """{"type":"content_block_stop","index":0}""",
            """{"type":"content_block_start","index":1,"content_block":{"type":"tool_use","id":"t","name":"f","input":{}}}""",
            """{"type":"content_block_delta","index":1,"delta":{"type":"input_json_delta","partial_json":"{\"a\":"}}""",
            """{"type":"content_block_delta","index":1,"delta":{"type":"input_json_delta","partial_json":"1}"}}""",
            """{"type":"content_block_stop","index":1}""",
            """{"type":"message_delta","delta":{"stop_reason":"tool_use","stop_sequence":null},"usage":{"output_tokens":15}}""",
            """{"type":"message_stop"}"""));
        await AskAsync("""{"model":"m","max_tokens":9,"metadata":{"user_id":"jane"},"messages":[{"role":"user","content":"I am jane@doe.org"}]}""", path: "/v1/messages");
        var line = Assert.Single(await ReadAsync());
        Assert.Equal("""{"model":"m","max_tokens":9,"messages":[{"role":"user","content":"I am [email]"}]}""", line["request"]!.ToJsonString());
        Assert.Equal(
            """{"id":"msg_1","type":"message","role":"assistant","model":"m","content":[{"type":"text","text":"It is [email]"},{"type":"tool_use","id":"t","name":"f","input":{"a":1}}],"stop_reason":"tool_use","usage":{"input_tokens":3,"output_tokens":15},"stop_sequence":null}""",
            line["response"]!.ToJsonString(s_readable));
    }

    [Theory]
    [InlineData("/v1/responses", """{"type":"response.output_text.delta","output_index":0,"delta":"half"}""")]
    [InlineData("/v1/responses", """{"type":"response.failed","response":{"status":"failed","output":[],"error":{"code":"server_error"}}}""")]
    [InlineData("/v1/messages", """{"type":"message_start","message":{"role":"assistant","content":[]}}""")]
    [InlineData("/v1/messages", """{"type":"error","error":{"type":"overloaded_error"}}""")]
    public async Task A_stream_that_does_not_come_to_its_end_is_not_kept(string path, string last)
    {
        await using var engine = Play(c => StreamAsync(c, last));
        await AskAsync("""{"model":"m","input":"?"}""", path: path);
        Assert.Empty(await ReadAsync());
    }

    [Theory]
    [InlineData("""{"model":"m","store":false,"messages":[]}""", 200, null, 1, 0)]
    [InlineData("""{"model":"m","messages":[]}""", 500, null, 1, 0)]
    [InlineData("""{"model":"m","messages":[]}""", 200, "default/m", 1, 0)]
    [InlineData("""{"model":"m","messages":[]}""", 200, null, 0, 0)]
    [InlineData("""{"model":"m","messages":[]}""", 200, null, 1, 1)]
    public async Task What_is_not_wanted_or_no_users_or_failed_is_not_kept(string ask, int status, string? named, double share, int kept)
    {
        await using var engine = Play(c => c.SayAsync($"HTTP/1.1 {status} X\r\nContent-Length: 2\r\n\r\n{{}}"), share);
        await AskAsync(ask, named);
        Assert.Equal(kept, (await ReadAsync()).Count);
    }

    [Fact]
    public async Task A_long_prompt_is_kept_whole_and_a_longer_one_not_at_all()
    {
        await using var engine = Play(static c => c.AnswerAsync(Answer));
        string Long(int length) => $$"""{"model":"m","messages":[{"role":"user","content":"{{new string('q', length)}}"}]}""";
        await AskAsync(Long(300_000));
        await AskAsync(Long(2_000_000));
        Assert.Equal(300_000, ((string?)Assert.Single(await ReadAsync())["request"]!["messages"]![0]!["content"])!.Length);
    }

    [Fact]
    public void Recordings_go_when_their_time_is_over_and_the_oldest_when_there_are_too_many()
    {
        using var shelf = new TapeShelf(_options.Folder, new TapeKey(_options.KeyFile), 3_000, _time);
        shelf.Write("a", TimeSpan.FromHours(4), new byte[1000]);
        _time.Advance(TimeSpan.FromHours(2));
        shelf.Write("a", TimeSpan.FromHours(4), new byte[1000]);
        shelf.Sweep();
        Assert.Equal(2, Recordings.Read(_options, "a").Count());
        _time.Advance(TimeSpan.FromHours(2));
        // Not shown any more even before it is deleted.
        Assert.Single(Recordings.Read(_options, "a"));
        shelf.Sweep();
        Assert.Single(Directory.GetFiles(_options.Folder, "*", SearchOption.AllDirectories));
        shelf.Write("b", TimeSpan.FromDays(4), new byte[2500]);
        shelf.Sweep();
        Assert.Empty(Recordings.Read(_options, "a"));
        Assert.Single(Recordings.Read(_options, "b"));
    }

    [Fact]
    public void A_tape_that_was_changed_is_not_believed_and_one_that_breaks_off_is_read_as_far_as_it_goes()
    {
        using (var shelf = new TapeShelf(_options.Folder, new TapeKey(_options.KeyFile), long.MaxValue, _time))
        {
            foreach (var line in (string[])["one", "two"]) shelf.Write("a", TimeSpan.FromDays(1), System.Text.Encoding.UTF8.GetBytes(line));
        }

        Assert.Equal(["one", "two"], Recordings.Read(_options, "a"));
        var file = Assert.Single(Directory.GetFiles(_options.Folder, "*", SearchOption.AllDirectories));
        var whole = File.ReadAllBytes(file);
        File.WriteAllBytes(file, whole[..^1]);
        Assert.Equal(["one"], Recordings.Read(_options, "a"));
        for (var at = 8; at < whole.Length; at++)
        {
            var changed = whole.ToArray();
            changed[at] ^= 1;
            File.WriteAllBytes(file, changed);
            try
            {
                // A length that was changed may look as if the tape broke off: then what is read is still what was written.
                Assert.Empty(Recordings.Read(_options, "a").Except(["one"]));
            }
            catch (CryptographicException)
            {
                continue;
            }
        }

        File.WriteAllBytes(file, whole);
        File.WriteAllBytes(_options.KeyFile, new byte[32]);
        Assert.Contains("another key", Assert.Throws<CryptographicException>(() => Recordings.Read(_options, "a").ToList()).Message);
    }

    private async Task<List<JsonNode>> ReadAsync()
    {
        await _recorder.DisposeAsync();
        return [.. Recordings.Read(_options, "default").Select(static l => JsonNode.Parse(l)!)];
    }

    // As both APIs do it: each event's name is its type.
    private static Task StreamAsync(PlayedConnection to, params string[] events) => to.SayAsync(
        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n" + string.Concat(events.Select(static e => $"event: {(string?)JsonNode.Parse(e)!["type"]}\ndata: {e}\n\n")));

    private async Task AskAsync(string body, string? named = null, string path = "/v1/chat/completions")
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body) };
        if (named is not null) request.Headers.Add(Routes.DeploymentHeader, named);
        using var response = await _client.SendAsync(request, Token);
        await response.Content.ReadAsStringAsync(Token);
    }

    private PlayedEngine Play(Func<PlayedConnection, Task> answer, double share = 1)
    {
        var engine = new PlayedEngine(async c =>
        {
            await c.RequestAsync();
            await answer(c);
        });
        var rule = share > 0 ? new RecordingRule(share, TimeSpan.FromDays(1)) : null;
        _router.Publish(new RouteTable(new Dictionary<string, Route> { ["m"] = new("m", "default/m", [new Backend(engine.Address)], "", true, DateTimeOffset.UnixEpoch) { Recording = rule } }));
        return engine;
    }
}
