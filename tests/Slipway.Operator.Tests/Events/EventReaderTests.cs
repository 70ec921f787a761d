using Microsoft.Extensions.Time.Testing;
using Slipway.Operator.Events;
using Slipway.Operator.Tests.Devices;

namespace Slipway.Operator.Tests.Events;

/// <summary>Events of one reason are listed once for all deployments of a namespace, and their lack stops nothing.</summary>
public sealed class EventReaderTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _time = new();
    private FakeServer _server = null!;
    private EventReader _reader = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await FakeServer.StartAsync();
        _reader = new EventReader(new(_server.Connection), _time);
    }

    public async ValueTask DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task One_list_serves_a_namespace_for_a_while()
    {
        var found = Assert.Single(await ReadAsync("a", "FailedCreate"));
        Assert.Equal(("FailedCreate", "/api/v1/namespaces/a/events"), (found.Reason, found.Message));
        await ReadAsync("a", "FailedCreate");
        Assert.Equal(1, _server.Lists);
        await ReadAsync("b", "FailedCreate");
        await ReadAsync("a", "FailedResourceClaimCreation");
        Assert.Equal(3, _server.Lists);
        _time.Advance(EventReader.Fresh);
        await ReadAsync("a", "FailedCreate");
        Assert.Equal(4, _server.Lists);
    }

    [Fact]
    public async Task Who_may_not_read_them_does_without()
    {
        _server.Forbidden.Add("events");
        Assert.Empty(await ReadAsync("a", "FailedCreate"));
    }

    private Task<IReadOnlyList<Api.Meta.KubernetesEvent>> ReadAsync(string ns, string reason) => _reader.ReadAsync(ns, reason, TestContext.Current.CancellationToken);
}
