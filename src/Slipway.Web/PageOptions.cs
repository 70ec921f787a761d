namespace Slipway.Web;

/// <summary>What the page knows about the Slipway that serves it.</summary>
/// <param name="Gateway">The gateway's address; where <see cref="Found"/> finds another, what stands in for it until then.</param>
/// <param name="Version">Slipway's version.</param>
public sealed record PageOptions(Uri Gateway, string Version)
{
    /// <summary>Finds the gateway's address, where it may change or is not known at the start; null where it does not.</summary>
    public Func<Uri?>? Found { get; init; }

    /// <summary>The gateway's address now.</summary>
    public Uri Models => Found?.Invoke() ?? Gateway;

    /// <summary>The key by which the gateway lets the page's server in; it never goes to a browser. Null where the gateway takes none.</summary>
    public string? GatewayKey { get; init; }
}
