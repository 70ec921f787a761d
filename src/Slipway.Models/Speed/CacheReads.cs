using Slipway.Models.Memory;
using Slipway.Models.Profiles;

namespace Slipway.Models.Speed;

/// <summary>What a step reads of a sequence's cache on one device.</summary>
internal static class CacheReads
{
    /// <summary>Bytes of a sequence of so many tokens: whole caches, windows as far as they see, states once.</summary>
    public static double BytesPerSequence(ModelProfile profile, int tensor, KvCacheType type, double tokens)
    {
        var bytes = 0.0;
        foreach (var layer in profile.Attention.Layers)
        {
            bytes += CacheMath.BytesPerToken(layer, type) * CacheShards.Share(layer, tensor) * tokens;
            if (layer.WindowElementsPerToken > 0)
                bytes += layer.WindowElementsPerToken * type.BytesPerElement * CacheShards.Share(layer, tensor) * CacheMath.WindowTokens(layer, (long)Math.Ceiling(tokens));
            bytes += layer.StateBytes / (double)tensor;
        }

        return bytes;
    }
}
