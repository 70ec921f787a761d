using System.Net;

namespace Slipway.Web;

/// <summary>Where the page is.</summary>
/// <param name="Port">The port; 0 for a free one.</param>
public sealed record WebAddress(int Port)
{
    /// <summary>The address that it listens on.</summary>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>The server's certificate with its key; null for HTTP, on loopback only.</summary>
    public PageCertificate? Certificate { get; init; }

    /// <summary>The names that it is reached by, besides those of loopback.</summary>
    public IReadOnlyList<string> Hosts { get; init; } = [];
}
