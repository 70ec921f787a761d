using Slipway.Models.Hub.Search;
using Slipway.Models.Profiles;
using Slipway.Models.Store;

namespace Slipway.Knowing;

/// <summary>Reads models of the hub, with the token of the hub that its options have, if any.</summary>
/// <param name="options">Where models are.</param>
internal sealed class HubReader(ModelStoreOptions options) : IDisposable
{
    /// <summary>Finds models.</summary>
    public ModelSearch Search { get; } = new(options);

    /// <summary>Says what they are.</summary>
    public ModelProfiler Profiler { get; } = new(options);

    /// <inheritdoc/>
    public void Dispose()
    {
        Search.Dispose();
        Profiler.Dispose();
    }
}
