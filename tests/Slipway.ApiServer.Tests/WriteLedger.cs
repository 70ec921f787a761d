using System.Collections.Concurrent;
using System.Text.Json.Nodes;

namespace Slipway.ApiServer.Tests;

/// <summary>What was sent to a server and what of it was acknowledged, to be held against what it has after it was killed.</summary>
internal sealed class WriteLedger
{
    public const string Path = "/api/v1/namespaces/default/configmaps";

    private readonly ConcurrentDictionary<string, Entry> _entries = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, int> _kinds = new(StringComparer.Ordinal);
    private int _acknowledged;

    public int Acknowledged => _acknowledged;

    public static string Body(string name, int count) => $$"""{"metadata":{"name":"{{name}}"},"data":{"count":"{{count}}","pad":"{{new string('x', count % 700)}}"} }""";

    /// <summary>Notes a write that is on its way.</summary>
    /// <param name="name">The object's name.</param>
    /// <param name="count">What is to be stored; <see langword="null"/> for a deletion.</param>
    public void Send(string name, int? count) =>
        _entries[name] = new(_entries.TryGetValue(name, out var entry) ? entry.Stored : null, count, OnItsWay: true);

    public int Acknowledge(string name, HttpMethod method)
    {
        var sent = _entries[name].Sent;
        _entries[name] = new(sent, sent, OnItsWay: false);
        _kinds.AddOrUpdate(method.Method, 1, (_, n) => n + 1);
        return Interlocked.Increment(ref _acknowledged);
    }

    /// <summary>Checks every object that was ever written. What was on its way may be there, whole, or not; from now on it is what was found.</summary>
    public async Task CheckAsync(HttpClient client)
    {
        var list = JsonNode.Parse(await client.GetStringAsync(Path, TestContext.Current.CancellationToken))!;
        var found = ((JsonArray)list["items"]!).ToDictionary(i => (string)i!["metadata"]!["name"]!, i => (JsonObject)i!["data"]!);
        foreach (var (name, entry) in _entries)
        {
            int? count = found.TryGetValue(name, out var data) ? int.Parse((string)data["count"]!) : null;
            Assert.True(count == entry.Stored || (entry.OnItsWay && count == entry.Sent), $"{name} has {count?.ToString() ?? "gone"} and not {entry}");
            if (count is { } there) Assert.Equal(there % 700, ((string)data!["pad"]!).Length);
            _entries[name] = new(count, count, OnItsWay: false);
        }

        Assert.Subset(_entries.Keys.ToHashSet(), found.Keys.Where(n => n != "kube-root-ca.crt").ToHashSet());
    }

    public override string ToString() => $"{_acknowledged} writes: {string.Join(", ", _kinds.OrderBy(k => k.Key).Select(k => $"{k.Value} {k.Key}"))}";

    private sealed record Entry(int? Stored, int? Sent, bool OnItsWay);
}
