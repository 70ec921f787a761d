using Slipway.ApiServer.Authentication.Oidc;

namespace Slipway.ApiServer;

/// <summary>Where an embedded API server keeps its data and how it is reached.</summary>
public sealed record ApiServerOptions
{
    /// <summary>Gets the directory of the database and the certificates. It belongs to one server at a time.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>Gets the port on the loopback address.</summary>
    /// <value>The default value is 0, a free port.</value>
    public int Port { get; init; }

    /// <summary>Gets the file that a kubeconfig with the context "slipway" is written to, readable by its owner alone.</summary>
    public required string KubeconfigPath { get; init; }

    /// <summary>Gets the OpenID provider whose tokens are accepted besides those of service accounts; none when null.</summary>
    public OidcIssuer? Oidc { get; init; }

    /// <summary>Gets the clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
