namespace Slipway.Runtimes;

/// <summary>A field of a deployment that a runtime does not honour.</summary>
/// <param name="Path">The field.</param>
/// <param name="Why">Why not, and what to do.</param>
/// <param name="Blocking">
/// Whether the deployment would be another one without it, so that it must not run; otherwise it runs and the field is named.
/// </param>
public sealed record UnsupportedField(string Path, string Why, bool Blocking)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Path}: {Why}";
}
