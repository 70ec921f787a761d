using Slipway.Kubernetes.Connection;
using Slipway.Web.Access.Oidc;

namespace Slipway.Web.Access;

/// <summary>How people are let in to the page.</summary>
/// <param name="Own">The server's own connection: it may create <c>tokenreviews</c>, and nothing else is done with it.</param>
/// <param name="Connect">Makes a connection without credentials, with handlers that put them on.</param>
/// <param name="Open">What a person works with. Everything that reads or changes a cluster goes over the desk's connection; what is read from a cache is seen through their rights, which the page sees to.</param>
/// <param name="Namespaces">The namespaces in which there is something to see.</param>
public sealed record AccessOptions(KubeClient Own, Func<IEnumerable<DelegatingHandler>, KubeConnection> Connect, Func<Desk, PageSources> Open, Func<IReadOnlyCollection<string>> Namespaces)
{
    /// <summary>How long sessions last.</summary>
    public SessionLimits Limits { get; init; } = new();

    /// <summary>The OpenID provider at which people may sign in besides pasting a token; none when null.</summary>
    public OidcOptions? Oidc { get; init; }
}
