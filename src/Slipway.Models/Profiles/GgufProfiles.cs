using Slipway.Models.Gguf;
using Slipway.Models.Profiles.Config;

namespace Slipway.Models.Profiles;

/// <summary>Makes a profile of the header of a GGUF file: everything is in it, so that no other file is asked.</summary>
/// <remarks>Keys: <see href="https://github.com/ggml-org/ggml/blob/master/docs/gguf.md"/> and llama.cpp's <c>llama-arch.cpp</c>.</remarks>
public static class GgufProfiles
{
    /// <summary>The profile.</summary>
    /// <param name="id">The model's id.</param>
    /// <param name="summary">Header of the first file.</param>
    /// <param name="fileBytes">Bytes of all files of the model.</param>
    /// <param name="others">Headers of the other files of a split model.</param>
    /// <returns>The profile; <c>null</c> when the header states no layers.</returns>
    public static ModelProfile? Of(string id, GgufSummary summary, long fileBytes, IReadOnlyList<GgufSummary>? others = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(id);
        ArgumentNullException.ThrowIfNull(summary);
        var keys = new GgufKeys(summary);
        if (keys.Count("block_count") is not { } stated || stated > ConfigReader.MaxLayers) return null;
        var draftLayers = Math.Min(keys.Count("nextn_predict_layers") ?? 0, stated - 1);
        var layers = stated - draftLayers;
        var notes = new List<ProfileNote>();
        if (draftLayers > 0)
            notes.Add(new(ProfileNoteKind.DraftLeftOut, $"{draftLayers} draft layers for multi-token prediction are in the file; their bytes are counted, for llama.cpp loads the file whole."));
        IReadOnlyList<GgufSummary> all = [summary, .. others ?? []];
        if (all.Any(static s => s.Parts.HasUnknownType))
            notes.Add(new(ProfileNoteKind.BoundedWeights, "Some tensors have a type that is not known here; the upper bound is the size of the files."));
        var parts = all.Select(static s => s.Parts).ToList();
        var experts = Experts(keys, layers, parts);
        var tied = parts.All(static p => p.Output.Bytes == 0);
        var total = all.Sum(static s => s.ParameterCount);
        var idle = experts is null ? 0 : (long)(parts.Sum(static p => (double)p.Experts.Elements) * (1 - ((double)experts.ActivePerToken / experts.Total)));
        var heads = keys.Count("attention.head_count") ?? (int)Math.Clamp(keys.List("attention.head_count")?.Max() ?? 1, 1, ConfigNode.MaxCount);
        return new ModelProfile
        {
            Identity = new ModelIdentity { Id = id, Architecture = summary.Architecture ?? "", ModelType = summary.Architecture ?? "", Task = summary.Architecture?.Contains("bert", StringComparison.Ordinal) == true ? ModelTask.Embedding : ModelTask.Generation },
            Shape = new ModelShape
            {
                Layers = layers,
                HiddenSize = keys.Count("embedding_length"),
                VocabularySize = (int?)(summary.VocabularySize ?? keys.Count("vocab_size")),
                IntermediateSize = keys.Count("feed_forward_length"),
                TiedEmbeddings = tied,
                ComputeType = "float16",
            },
            Attention = GgufLayers.Read(keys, heads, layers, notes),
            Experts = experts,
            Parameters = new ParameterProfile
            {
                Total = Bounds.Exactly(total),
                Active = Bounds.Exactly(Math.Max(0, total - idle)),
                Embedding = parts.Sum(static p => p.Embedding.Elements),
                OutputLayer = parts.Sum(static p => p.Output.Elements),
                RoutedExperts = parts.Sum(static p => p.Experts.Elements),
                Source = ParameterSource.WeightFiles,
            },
            Weights = Weights(summary, all, parts, fileBytes),
            Context = new ContextProfile
            {
                Length = summary.ContextLength,
                OriginalLength = keys.Count("rope.scaling.original_context_length"),
            },
            Serving = new ServingTraits
            {
                HasChatTemplate = summary.HasChatTemplate,
                CallsTools = summary.ChatTemplate?.Contains("tools", StringComparison.Ordinal),
                Licence = summary.Licence,
            },
            Notes = notes,
        };
    }

    private static WeightProfile Weights(GgufSummary summary, IReadOnlyList<GgufSummary> all, List<GgufParts> parts, long fileBytes)
    {
        var bytes = all.Sum(static s => s.TensorBytes);
        var exact = parts.TrueForAll(static p => !p.HasUnknownType);
        var elements = all.Sum(static s => (double)s.ParameterCount);
        return new WeightProfile
        {
            Bytes = exact ? Bounds.Exactly(bytes) : new Bounds(bytes, Math.Max(bytes, fileBytes)),
            EmbeddingBytes = parts.Sum(static p => p.Embedding.Bytes),
            OutputLayerBytes = parts.Sum(static p => p.Output.Bytes),
            RoutedExpertBytes = parts.Sum(static p => p.Experts.Bytes),
            FileBytes = fileBytes,
            Types = [.. parts.SelectMany(static p => p.Types).GroupBy(static t => t.Key, StringComparer.Ordinal)
                .Select(static g => new TypeShare(g.Key, g.Sum(static t => t.Value.Elements), g.Sum(static t => t.Value.Bytes))).OrderByDescending(static t => t.Bytes)],
            Source = WeightSource.GgufHeader,
            Quantization = new QuantizationProfile
            {
                Method = "gguf",
                Scheme = summary.Quantization ?? "",
                BitsPerWeight = elements > 0 ? bytes * 8 / elements : null,
                ComputeBits = 16,
            },
        };
    }

    private static ExpertProfile? Experts(GgufKeys keys, int layers, List<GgufParts> parts)
    {
        if (keys.Count("expert_count") is not { } total) return null;
        var dense = Math.Min(keys.Count("leading_dense_block_count") ?? 0, layers - 1);
        return new ExpertProfile
        {
            Total = total,
            ActivePerToken = Math.Min(keys.Count("expert_used_count") ?? 1, total),
            Shared = keys.Count("expert_shared_count") ?? 0,
            Layers = layers - dense,
            ParametersPerExpert = (long)(parts.Sum(static p => (double)p.Experts.Elements) / total / (layers - dense)),
        };
    }
}
