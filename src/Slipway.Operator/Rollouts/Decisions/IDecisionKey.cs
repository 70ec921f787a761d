using System.Security.Cryptography;

namespace Slipway.Operator.Rollouts.Decisions;

/// <summary>The key that decisions are signed with: made when it is first needed, and kept for its owner alone.</summary>
public interface IDecisionKey
{
    /// <summary>The private key, for the caller to dispose of.</summary>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="IOException">It cannot be read or written.</exception>
    /// <exception cref="CryptographicException">What is kept is no key.</exception>
    /// <exception cref="Slipway.Kubernetes.Connection.KubeApiException">It may not be read or written.</exception>
    Task<ECDsa> OpenAsync(CancellationToken cancellationToken);
}
