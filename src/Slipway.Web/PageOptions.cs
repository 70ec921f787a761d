namespace Slipway.Web;

/// <summary>What the page knows about the Slipway that serves it.</summary>
/// <param name="Gateway">The gateway's address.</param>
/// <param name="Version">Slipway's version.</param>
public sealed record PageOptions(Uri Gateway, string Version);
