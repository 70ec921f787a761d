using Slipway.Models.Hub;

namespace Slipway.Models.Profiles.Reading;

/// <summary>The files of one model, wherever they are.</summary>
internal interface IModelFiles
{
    /// <summary>What is known beside the files.</summary>
    FileOrigin Origin { get; }

    /// <summary>Every file's path and size.</summary>
    Task<HubAnswer<IReadOnlyList<ModelFile>>> ListAsync(CancellationToken cancellationToken);

    /// <summary>A part of a file; fewer bytes at its end.</summary>
    Task<HubAnswer<byte[]>> ReadAsync(string path, long from, int length, CancellationToken cancellationToken);
}

/// <summary>A file of a model.</summary>
internal sealed record ModelFile(string Path, long Size);

/// <summary>Where files come from.</summary>
internal sealed record FileOrigin(string Place, string? Revision, string? Licence, bool? Gated);
