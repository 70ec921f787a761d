using Slipway.Models.Gguf;

namespace Slipway.Models.Store;

/// <summary>Where a resolved model came from.</summary>
public enum ModelOrigin
{
    /// <summary>A local directory, such as the bundled models.</summary>
    Local,

    /// <summary>The hub cache of this machine; no network was used.</summary>
    Cache,

    /// <summary>Downloaded from the hub by this call.</summary>
    Hub,
}

/// <summary>Outcome of asking for a model.</summary>
public abstract record ModelResolution
{
    private ModelResolution()
    {
    }

    /// <summary>The model is on this disk and its header is sound.</summary>
    public sealed record Resolved : ModelResolution
    {
        /// <summary>The file to give to the engine: the first one of a split model.</summary>
        public required string Path { get; init; }

        /// <summary>All files of the model in order.</summary>
        public required IReadOnlyList<string> Files { get; init; }

        /// <summary>Commit of the hub repository; null for a local directory.</summary>
        public string? Revision { get; init; }

        /// <summary>Bytes of all files together.</summary>
        public required long Bytes { get; init; }

        /// <summary>Where the model came from.</summary>
        public required ModelOrigin Origin { get; init; }

        /// <summary>What the first file's header says.</summary>
        public required GgufSummary Summary { get; init; }
    }

    /// <summary>The model is not to be had now.</summary>
    /// <param name="Error">Why, and what to do.</param>
    public sealed record Failed(ModelError Error) : ModelResolution;
}
