namespace Slipway.Web;

/// <summary>What the page knows about the Slipway that serves it.</summary>
/// <param name="Gateway">The gateway's address.</param>
/// <param name="Version">Slipway's version.</param>
public sealed record PageOptions(Uri Gateway, string Version)
{
    /// <summary>The key by which the gateway lets the page's server in; it never goes to a browser. Null where the gateway takes none.</summary>
    public string? GatewayKey { get; init; }
}
