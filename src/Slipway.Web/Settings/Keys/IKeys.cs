using Slipway.Api.Keys;

namespace Slipway.Web.Settings.Keys;

/// <summary>The keys by which programs ask the models of a namespace. What the cluster refuses is an answer, not an exception.</summary>
public interface IKeys
{
    /// <summary>Raised when a key came, changed or went, or a namespace demands one; on a flow that must not be held up.</summary>
    event Action? Changed;

    /// <summary>Whether the gateway here knows keys.</summary>
    bool AreThere { get; }

    /// <summary>The keys, by namespace and name. Of each only the digest is known.</summary>
    IReadOnlyList<ApiKey> All { get; }

    /// <summary>Whether the models of a namespace answer nobody without a key.</summary>
    /// <param name="space">The namespace.</param>
    bool Requires(string space);

    /// <summary>Draws a key, and keeps its digest.</summary>
    /// <param name="draft">What is wanted.</param>
    /// <param name="cancellationToken">Stops it.</param>
    Task<KeyMade> CreateAsync(KeyDraft draft, CancellationToken cancellationToken);

    /// <summary>Deletes a key: requests with it are refused from then on.</summary>
    /// <param name="key">The key.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>Why not, and what to do; null when it is gone.</returns>
    Task<string?> DeleteAsync(ApiKey key, CancellationToken cancellationToken);
}

/// <summary>A key that was drawn, or why none was.</summary>
/// <param name="Text">The key, this once; null when there is none.</param>
/// <param name="Refusal">Why not, and what to do; null when there is one.</param>
public sealed record KeyMade(string? Text, string? Refusal)
{
    /// <summary>Never the key.</summary>
    public override string ToString() => Refusal ?? "a key";
}
