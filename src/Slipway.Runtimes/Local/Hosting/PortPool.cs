using System.Net;
using System.Net.Sockets;

namespace Slipway.Runtimes.Local.Hosting;

/// <summary>Free ports on loopback, never the same one to two replicas.</summary>
/// <remarks>
/// Between our probe and the engine's bind another process may take the port: that race cannot be closed from outside, because
/// llama-server takes no open socket. The engine then ends with "couldn't bind", and is started again at once on another port.
/// </remarks>
internal sealed class PortPool
{
    private readonly Lock _gate = new();
    private readonly HashSet<int> _lent = [];

    public int Lend()
    {
        lock (_gate)
        {
            while (true)
            {
                using var probe = new TcpListener(IPAddress.Loopback, 0);
                probe.Start();
                var port = ((IPEndPoint)probe.LocalEndpoint).Port;
                if (_lent.Add(port)) return port;
            }
        }
    }

    public void Return(int port)
    {
        lock (_gate) _lent.Remove(port);
    }
}
