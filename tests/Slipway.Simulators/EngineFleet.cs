using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Sockets;

namespace Slipway.Simulators;

/// <summary>The engines behind a cluster's deployments, each at an address of loopback's own: pods have their addresses, and Services lead to them by name.</summary>
/// <param name="third">The third number of their addresses, 127.77.THIRD.N: fleets at one time take different ones.</param>
/// <param name="port">The port that engines listen at.</param>
public sealed class EngineFleet(int third, int port) : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, Lazy<(string Address, VllmEngine Engine)>> _engines = new(StringComparer.Ordinal);
    private int _last = 1;

    /// <summary>Makes an engine what it is to be, when it comes.</summary>
    public Action<string, VllmEngine> Make { get; set; } = static (_, _) => { };

    /// <summary>The engine of a deployment.</summary>
    public VllmEngine Engine(string deployment) => Of(deployment).Engine;

    /// <summary>The address of a deployment's pods.</summary>
    public string Address(string deployment) => Of(deployment).Address;

    /// <summary>A way to Services by their names within a cluster.</summary>
    public SocketsHttpHandler Services() => new()
    {
        UseProxy = false,
        ConnectCallback = async (context, cancellationToken) =>
        {
            // Dynamo's Services are its frontends', Ray's its proxies'.
            var host = context.DnsEndPoint.Host.Replace("-frontend.", ".", StringComparison.Ordinal).Replace("-serve-svc.", ".", StringComparison.Ordinal);
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(Address(host[..host.IndexOf('.', StringComparison.Ordinal)]), port, cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        },
    };

    public async ValueTask DisposeAsync()
    {
        foreach (var engine in _engines.Values) await engine.Value.Engine.DisposeAsync();
    }

    private (string Address, VllmEngine Engine) Of(string deployment) => _engines.GetOrAdd(deployment, name => new(() =>
    {
        var address = string.Create(CultureInfo.InvariantCulture, $"127.77.{third}.{Interlocked.Increment(ref _last)}");
        var engine = VllmEngine.Start(address, port);
        Make(name, engine);
        return (address, engine);
    })).Value;
}
