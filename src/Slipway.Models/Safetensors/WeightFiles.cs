namespace Slipway.Models.Safetensors;

/// <summary>The one set of files that an engine loads, out of the copies that a repository may hold.</summary>
/// <param name="Format">What they are.</param>
/// <param name="Files">Their paths, in order.</param>
/// <param name="LeftOut">Weight files that hold the same weights again, or another format's.</param>
public sealed record WeightFiles(WeightFormat Format, IReadOnlyList<string> Files, IReadOnlyList<string> LeftOut)
{
    /// <summary>The index of a model that is split over several safetensors files.</summary>
    public const string IndexName = "model.safetensors.index.json";

    /// <summary>Chooses from a listing.</summary>
    /// <param name="paths">All paths of the repository.</param>
    /// <param name="index">The index, when the repository has one.</param>
    /// <returns>The set; <see cref="WeightFormat.None"/> when there are no weights.</returns>
    /// <remarks>
    /// Engines load from the repository's root: folders such as <c>original/</c>, <c>metal/</c> and <c>onnx/</c> hold copies, <c>consolidated*</c> is
    /// Mistral's own copy, and <c>.bin</c> files lie beside <c>.safetensors</c> for older tools. Counting them too doubles a model.
    /// </remarks>
    public static WeightFiles Choose(IEnumerable<string> paths, WeightIndex? index = null)
    {
        ArgumentNullException.ThrowIfNull(paths);
        var weights = paths.Where(IsWeights).Order(StringComparer.Ordinal).ToList();
        var root = weights.Where(static p => !p.Contains('/', StringComparison.Ordinal)).ToList();
        var safetensors = root.Where(static p => p.EndsWith(".safetensors", StringComparison.Ordinal)).ToList();
        if (index is not null && index.Files.All(weights.Contains)) return Of(WeightFormat.Safetensors, [.. index.Files], weights);
        var plain = safetensors.Where(static p => !IsConsolidated(p) && !IsOther(p)).ToList();
        if (plain.Count > 0)
        {
            // A single file and shards beside it are two copies of one model.
            var whole = plain.Where(static p => p == "model.safetensors").ToList();
            return Of(WeightFormat.Safetensors, whole.Count > 0 ? whole : plain, weights);
        }

        var consolidated = safetensors.Where(IsConsolidated).ToList();
        if (consolidated.Count > 0) return Of(WeightFormat.Safetensors, consolidated, weights);
        var bins = root.Where(static p => p.EndsWith(".bin", StringComparison.Ordinal) && p.StartsWith("pytorch_model", StringComparison.Ordinal)).ToList();
        if (bins.Count > 0) return Of(WeightFormat.PyTorch, bins, weights);
        var ggufs = weights.Where(static p => p.EndsWith(".gguf", StringComparison.OrdinalIgnoreCase)).ToList();
        return ggufs.Count > 0 ? Of(WeightFormat.Gguf, ggufs, weights) : new WeightFiles(WeightFormat.None, [], weights);
    }

    private static WeightFiles Of(WeightFormat format, List<string> files, List<string> all) => new(format, files, [.. all.Except(files)]);

    private static bool IsConsolidated(string path) => path.StartsWith("consolidated", StringComparison.Ordinal);

    /// <summary>Adapters and optimiser states are no model.</summary>
    private static bool IsOther(string path) => path.StartsWith("adapter_", StringComparison.Ordinal) || path.StartsWith("optimizer", StringComparison.Ordinal);

    private static bool IsWeights(string path) =>
        path.EndsWith(".safetensors", StringComparison.Ordinal) || path.EndsWith(".gguf", StringComparison.OrdinalIgnoreCase)
        || path.EndsWith(".pth", StringComparison.Ordinal) || path.EndsWith(".pt", StringComparison.Ordinal)
        || (path.EndsWith(".bin", StringComparison.Ordinal) && path.Contains("model", StringComparison.Ordinal));
}

/// <summary>A format of weights.</summary>
public enum WeightFormat
{
    /// <summary>No weights were found.</summary>
    None,

    /// <summary>Safetensors: the header tells every tensor.</summary>
    Safetensors,

    /// <summary>PyTorch's own: only sizes are known without running it.</summary>
    PyTorch,

    /// <summary>GGUF: the header tells every tensor.</summary>
    Gguf,
}
