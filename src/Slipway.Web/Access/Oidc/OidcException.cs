namespace Slipway.Web.Access.Oidc;

/// <summary>A provider gave no token; the message says why, and what to do.</summary>
/// <param name="message">The words.</param>
internal sealed class OidcException(string message) : Exception(message)
{
    /// <summary>Whether the provider said no, so that asking again is of no use.</summary>
    public bool Refused { get; init; }
}
