using Slipway.Models.Profiles;

namespace Slipway.Models.Memory;

/// <summary>Bytes of cache and state that one sequence takes on the fullest device of a replica.</summary>
internal sealed class CacheShards
{
    private readonly double _perToken;
    private readonly (double Bytes, long Tokens)[] _windows;
    private readonly double _state;

    private CacheShards(double perToken, (double, long)[] windows, double state) => (_perToken, _windows, _state) = (perToken, windows, state);

    /// <summary>Bytes that each further token adds on the device.</summary>
    public double PerToken => _perToken;

    /// <summary>Bytes of recurrent state.</summary>
    public double State => _state;

    /// <summary>Bytes of keys and values of a sequence of so many tokens.</summary>
    public double Cache(long tokens)
    {
        var bytes = _perToken * tokens;
        foreach (var (perToken, limit) in _windows) bytes += perToken * Math.Min(tokens, limit);
        return bytes;
    }

    /// <summary>Reads the layers of the stage that keeps the most for a sequence of that length.</summary>
    public static CacheShards Of(ModelProfile profile, Layout layout, KvCacheType type, ServingEngine engine, int stepTokens, long tokens)
    {
        var layers = profile.Attention.Layers;
        var size = (layers.Count + layout.Pipeline - 1) / Math.Max(1, layout.Pipeline);
        CacheShards? fullest = null;
        for (var start = 0; start < layers.Count; start += Math.Max(1, size))
        {
            var stage = OfStage(layers, start, Math.Min(layers.Count, start + size), layout.Tensor, type, engine, stepTokens);
            if (fullest is null || stage.Cache(tokens) + stage._state > fullest.Cache(tokens) + fullest._state) fullest = stage;
        }

        return fullest ?? new CacheShards(0, [], 0);
    }

    private static CacheShards OfStage(IReadOnlyList<LayerMemory> layers, int start, int end, int tensor, KvCacheType type, ServingEngine engine, int stepTokens)
    {
        double perToken = 0, state = 0;
        // At most one window and one chunk size in every model seen; a few more are allowed for.
        var windows = new List<(double Bytes, long Tokens)>(2);
        for (var i = start; i < end; i++)
        {
            var layer = layers[i];
            perToken += CacheMath.BytesPerToken(layer, type) * Share(layer, tensor);
            state += (engine == ServingEngine.LlamaCpp ? layer.StateBytesAt32 : layer.StateBytes) / (double)tensor;
            if (layer.WindowElementsPerToken > 0) Add(windows, layer.WindowElementsPerToken * type.BytesPerElement * Share(layer, tensor), Limit(layer, engine, stepTokens));
        }

        return new CacheShards(perToken, [.. windows], state);
    }

    private static void Add(List<(double Bytes, long Tokens)> windows, double bytes, long limit)
    {
        var at = windows.FindIndex(w => w.Tokens == limit);
        if (at < 0) windows.Add((bytes, limit));
        else windows[at] = (windows[at].Bytes + bytes, limit);
    }

    /// <summary>Tokens that a window's layer holds: vLLM window - 1 + one step, llama.cpp window + one step rounded up to 256.</summary>
    private static long Limit(LayerMemory layer, ServingEngine engine, int stepTokens)
    {
        var window = CacheMath.WindowTokens(layer, long.MaxValue / 4);
        return engine switch
        {
            ServingEngine.Vllm => window - 1 + stepTokens,
            ServingEngine.LlamaCpp => (window + stepTokens + 255) / 256 * 256,
            _ => window + stepTokens,
        };
    }

    /// <summary>Part of a layer's cache on one device: whole heads, at least one; a latent vector serves all heads and is on every device.</summary>
    internal static double Share(LayerMemory layer, int tensor)
    {
        var heads = layer switch
        {
            LayerMemory.Full full => full.KvHeads,
            LayerMemory.Sliding window => window.KvHeads,
            LayerMemory.Chunked chunk => chunk.KvHeads,
            LayerMemory.Parallel both => both.Attention.KvHeads,
            _ => 0,
        };
        return heads == 0 ? 1 : Math.Max(1, (heads + tensor - 1) / tensor) / (double)heads;
    }
}
