using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Slipway.Testing.Hub;

/// <summary>A Hugging Face hub on loopback: the HTTP API that a download uses, over repositories in memory, with failures to order.</summary>
/// <remarks>Files in LFS are answered by a redirect to a second port, the CDN, as the real hub does; a token that arrives there is a leak.</remarks>
public sealed class FakeHub : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, FakeRepo> _repos = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<HubCall> _calls = new();
    private readonly List<Order> _orders = [];

    private FakeHub(WebApplication app) => _app = app;

    /// <summary>The address to give as <c>HF_ENDPOINT</c>.</summary>
    public Uri Endpoint { get; private set; } = null!;

    /// <summary>Where the bytes of LFS files are.</summary>
    public Uri Cdn { get; private set; } = null!;

    /// <summary>Rows of a page of a repository's listing; the real hub gives 1000.</summary>
    public int PageSize { get; set; } = 1000;

    /// <summary>Every request so far, in order.</summary>
    public IReadOnlyList<HubCall> Calls => [.. _calls];

    /// <summary>Whether any token reached the CDN.</summary>
    public bool TokenLeaked => _calls.Any(static c => c is { Door: HubDoor.Cdn, Authorization: not null });

    public static async Task<FakeHub> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(static kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0);
            kestrel.Listen(IPAddress.Loopback, 0);
        });
        var hub = new FakeHub(builder.Build());
        hub._app.Run(new FakeHubProtocol(hub).AnswerAsync);
        await hub._app.StartAsync();
        var addresses = hub._app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.ToArray();
        (hub.Endpoint, hub.Cdn) = (new Uri(addresses[0]), new Uri(addresses[1]));
        return hub;
    }

    /// <summary>Adds an empty repository.</summary>
    public FakeRepo Add(string id) => _repos[id] = new FakeRepo(id);

    /// <summary>The repository of that name, or null.</summary>
    public FakeRepo? Find(string id) => _repos.GetValueOrDefault(id);

    /// <summary>Requests to a door so far.</summary>
    public int Count(HubDoor door) => _calls.Count(c => c.Door == door);

    /// <summary>Orders a failure for the next requests to a door. Orders for one door are used up in turn.</summary>
    /// <param name="door">The door.</param>
    /// <param name="failure">What happens there.</param>
    /// <param name="times">How often.</param>
    public FakeHub Fail(HubDoor door, HubFailure failure, int times = 1)
    {
        lock (_orders)
            _orders.Add(new Order(door, failure) { Left = times });
        return this;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    internal HubFailure? Take(HubCall call)
    {
        _calls.Enqueue(call);
        lock (_orders)
        {
            var order = _orders.Find(o => o.Door == call.Door && o.Left > 0);
            if (order is null) return null;
            order.Left--;
            return order.Failure;
        }
    }

    private sealed class Order(HubDoor door, HubFailure failure)
    {
        public HubDoor Door { get; } = door;

        public HubFailure Failure { get; } = failure;

        public int Left { get; set; }
    }
}
