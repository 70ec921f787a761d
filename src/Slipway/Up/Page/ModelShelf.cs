using Slipway.Models.Store;
using Slipway.Web.Discover;

namespace Slipway.Up.Page;

/// <summary>The models in the folders of this machine: ORGANISATION/NAME under each.</summary>
/// <param name="options">Where models are.</param>
internal sealed class ModelShelf(ModelStoreOptions options) : IModelShelf
{
    private const int Most = 200;

    public IReadOnlyList<string> Ids =>
        [.. options.LocalDirectories.Where(Directory.Exists)
            .SelectMany(static root => Directory.EnumerateDirectories(root).SelectMany(Directory.EnumerateDirectories)
                .Where(static folder => Directory.EnumerateFiles(folder, "*.gguf").Any() || File.Exists(Path.Combine(folder, "config.json")))
                .Select(folder => Path.GetRelativePath(root, folder).Replace(Path.DirectorySeparatorChar, '/')))
            .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Take(Most)];
}
