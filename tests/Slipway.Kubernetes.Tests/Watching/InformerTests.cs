using System.Text.Json.Nodes;
using System.Threading.Channels;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Slipway.Kubernetes.Objects;
using Slipway.Kubernetes.Watching;

namespace Slipway.Kubernetes.Tests.Watching;

public sealed class InformerTests
{
    private static readonly NamespacedName s_a = new("default", "a");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_was_there_before_is_there_once_synced_and_what_changes_is_told()
    {
        await using var api = await LiveApi.StartAsync();
        await api.Client.CreateAsync(LiveApi.ConfigMaps, LiveApi.ConfigMap("a", "1"), Token);
        await using var informer = new Informer<JsonObject>(api.Client, LiveApi.ConfigMaps, TimeProvider.System, NullLogger<Informer<JsonObject>>.Instance);
        var changes = Changes(informer);
        informer.Start();
        await informer.Synced.WaitAsync(Token);
        Assert.Equal("1", (string?)informer.Get(s_a)!["data"]!["key"]);

        await api.Client.ApplyAsync(LiveApi.ConfigMaps, LiveApi.ConfigMap("a", "2"), "test", Token);
        await ReadUntilAsync(changes, () => (string?)informer.Get(s_a)?["data"]?["key"] == "2");
        await api.Client.DeleteAsync(LiveApi.ConfigMaps, s_a, Token);
        await ReadUntilAsync(changes, () => informer.Get(s_a) is null);
    }

    [Fact]
    public async Task A_snapshot_does_not_change_under_its_reader()
    {
        await using var api = await LiveApi.StartAsync();
        await using var informer = new Informer<JsonObject>(api.Client, LiveApi.ConfigMaps, TimeProvider.System, NullLogger<Informer<JsonObject>>.Instance);
        var changes = Changes(informer);
        informer.Start();
        await informer.Synced.WaitAsync(Token);
        var before = informer.Objects;
        await api.Client.CreateAsync(LiveApi.ConfigMaps, LiveApi.ConfigMap("a", "1"), Token);
        await ReadUntilAsync(changes, () => informer.Get(s_a) is not null);
        Assert.DoesNotContain(s_a, before.Keys);
    }

    [Fact]
    public async Task A_server_that_comes_back_is_watched_again_and_nothing_is_missed()
    {
        var time = new FakeTimeProvider();
        await using var api = await LiveApi.StartAsync();
        await api.Client.CreateAsync(LiveApi.ConfigMaps, LiveApi.ConfigMap("a", "1"), Token);
        await using var informer = new Informer<JsonObject>(api.Client, LiveApi.ConfigMaps, time, NullLogger<Informer<JsonObject>>.Instance);
        var changes = Changes(informer);
        informer.Start();
        await informer.Synced.WaitAsync(Token);

        await api.RestartAsync(static () => Task.CompletedTask);
        await api.Client.DeleteAsync(LiveApi.ConfigMaps, s_a, Token);
        await api.Client.CreateAsync(LiveApi.ConfigMaps, LiveApi.ConfigMap("b", "1"), Token);
        while (!(informer.Get(s_a) is null && informer.Get(new NamespacedName("default", "b")) is not null))
        {
            // The informer waits on this clock before it tries again; turning it on is what lets it.
            time.Advance(TimeSpan.FromSeconds(30));
            await Task.Yield();
            Token.ThrowIfCancellationRequested();
        }

        Assert.True(changes.TryRead(out _));
    }

    private static ChannelReader<NamespacedName> Changes(Informer<JsonObject> informer)
    {
        var changes = Channel.CreateUnbounded<NamespacedName>();
        informer.Changed += key => changes.Writer.TryWrite(key);
        return changes.Reader;
    }

    private static async Task ReadUntilAsync(ChannelReader<NamespacedName> changes, Func<bool> holds)
    {
        while (!holds()) await changes.ReadAsync(Token);
    }
}
