using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using Slipway.Kubernetes.Connection;
using Slipway.Kubernetes.Watching;

namespace Slipway.Kubernetes.Tests.Watching;

public sealed class WatchReaderTests
{
    [Fact]
    public async Task Events_are_read_as_they_are()
    {
        var events = await Read(
            """
            {"type":"ADDED","object":{"metadata":{"name":"a"}}}
            {"object":{"metadata":{"name":"b"}},"type":"MODIFIED"}
            {"type":"DELETED","object":{"metadata":{"name":"c"}}}
            {"type":"BOOKMARK","object":{"metadata":{"resourceVersion":"7","annotations":{"k8s.io/initial-events-end":"true"}}}}
            {"type":"BOOKMARK","object":{"metadata":{"resourceVersion":"8"}}}
            {"type":"ERROR","object":{"kind":"Status","code":410,"message":"too old resource version"}}

            """);
        Assert.Equal(
            [WatchEventKind.Added, WatchEventKind.Modified, WatchEventKind.Deleted, WatchEventKind.Bookmark, WatchEventKind.Bookmark, WatchEventKind.Error],
            events.Select(e => e.Kind));
        Assert.Equal(["a", "b", "c"], events.Take(3).Select(e => (string)e.Object!["metadata"]!["name"]!));
        Assert.Equal(("7", true), (events[3].ResourceVersion, events[3].InitialEventsEnd));
        Assert.Equal(("8", false), (events[4].ResourceVersion, events[4].InitialEventsEnd));
        Assert.Equal((410, "too old resource version"), (events[5].Code, events[5].Message));
    }

    [Fact]
    public async Task A_stream_that_ends_without_an_event_is_no_failure() => Assert.Empty(await Read(""));

    [Fact]
    public async Task A_line_that_is_cut_off_is_left_out() =>
        Assert.Single(await Read("{\"type\":\"ADDED\",\"object\":{}}\n{\"type\":\"ADD"));

    [Fact]
    public async Task A_line_that_is_no_event_is_refused() =>
        await Assert.ThrowsAnyAsync<InvalidDataException>(() => Read("{\"hello\":1}\n"));

    [Fact]
    public void Events_do_not_depend_on_how_the_bytes_arrive() =>
        Gen.Int[1, 40].Sample(size =>
        {
            var text = string.Concat(Enumerable.Range(0, 20).Select(i => $$$$"""{"type":"ADDED","object":{"metadata":{"name":"n{{{{i}}}}","note":"\n{}"}}}""" + "\n"));
            var events = Read(text, size).GetAwaiter().GetResult();
            Assert.Equal(Enumerable.Range(0, 20).Select(i => $"n{i}"), events.Select(e => (string)e.Object!["metadata"]!["name"]!));
        }, iter: 40);

    private static async Task<List<WatchEvent<JsonObject>>> Read(string text, int chunk = int.MaxValue)
    {
        await using var stream = new Trickle(Encoding.UTF8.GetBytes(text.ReplaceLineEndings("\n")), chunk);
        return await WatchReader.ReadAsync(stream, KubeJson.Default.JsonObject, TestContext.Current.CancellationToken).ToListAsync();
    }

    private sealed class Trickle(byte[] bytes, int chunk) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(buffer.Length, chunk)], cancellationToken);
    }
}
