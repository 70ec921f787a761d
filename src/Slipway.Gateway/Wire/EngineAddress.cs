using System.Net;

namespace Slipway.Gateway.Wire;

/// <summary>Where an engine answers.</summary>
/// <param name="EndPoint">The address, or a name that is looked up for each new connection.</param>
/// <param name="Authority">Host and port as requests name them.</param>
/// <param name="Prefix">What goes before each path; empty for most.</param>
internal sealed record EngineAddress(EndPoint EndPoint, string Authority, string Prefix)
{
    /// <exception cref="ArgumentException">It is no HTTP address.</exception>
    public static EngineAddress Of(Uri address)
    {
        if (address.Scheme != Uri.UriSchemeHttp) throw new ArgumentException($"Engines answer over HTTP, not at {address}.", nameof(address));
        EndPoint end = IPAddress.TryParse(address.IdnHost, out var ip) ? new IPEndPoint(ip, address.Port) : new DnsEndPoint(address.IdnHost, address.Port);
        return new EngineAddress(end, address.Authority, address.AbsolutePath.TrimEnd('/'));
    }
}
