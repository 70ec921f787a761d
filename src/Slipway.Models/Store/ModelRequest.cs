namespace Slipway.Models.Store;

/// <summary>What is asked for.</summary>
/// <param name="Id">Repository on the hub or in a local directory, for example <c>slipway/tiny-chat</c>.</param>
public sealed record ModelRequest(string Id)
{
    /// <summary>Branch, tag or commit; null for the default branch, <c>main</c>. A pinned revision is never taken from a local directory.</summary>
    public string? Revision { get; init; }

    /// <summary>Wanted quantisation, for example <c>Q4_K_M</c>, in any case; null to let the store prefer (see <see cref="GgufSelection"/>).</summary>
    public string? Quantization { get; init; }

    /// <summary>Exact path of the wanted file in the repository. It wins over <see cref="Quantization"/>.</summary>
    public string? File { get; init; }

    /// <summary>Hub token for this request; null for the store's own.</summary>
    public string? Token { get; init; }

    /// <summary>The request without its token, which must never reach a log.</summary>
    public override string ToString() =>
        $"{Id}@{Revision ?? "main"}{(File ?? Quantization) switch { null => "", var what => $" ({what})" }}";
}
