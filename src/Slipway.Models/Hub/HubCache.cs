using Slipway.Models.Store;

namespace Slipway.Models.Hub;

/// <summary>The cache folder of one repository, laid out as huggingface_hub does, so that all its tools share the files.</summary>
/// <remarks>
/// <code>
/// models--org--name/blobs/&lt;etag&gt;            content, named by its checksum
///                  /refs/&lt;revision&gt;         a commit
///                  /snapshots/&lt;commit&gt;/...  links to the blobs
/// </code>
/// Source: <see href="https://huggingface.co/docs/huggingface_hub/guides/manage-cache"/>.
/// </remarks>
internal sealed class HubCache(string root, string id)
{
    private readonly string _folder = Path.Combine(root, "models--" + id.Replace("/", "--", StringComparison.Ordinal));

    /// <summary>The folder of this repository.</summary>
    public string Folder => _folder;

    public string BlobPath(string etag) => Path.Combine(_folder, "blobs", etag);

    /// <summary>A download in progress. Other tools ignore it (huggingface_hub 1.23 was seen to begin anew); finished files are shared both ways.</summary>
    public string IncompletePath(string etag) => BlobPath(etag) + ".incomplete";

    public string LockPath(string etag) => Path.Combine(root, ".locks", Path.GetFileName(_folder), etag + ".lock");

    public string SnapshotPath(string commit) => Path.Combine(_folder, "snapshots", commit);

    /// <summary>The commit that the cache knows for a revision; null when it knows none.</summary>
    public string? FindCommit(string revision)
    {
        if (Store.ModelNames.IsCommit(revision)) return Directory.Exists(SnapshotPath(revision)) ? revision : null;
        var path = Path.Combine(_folder, "refs", revision);
        if (!File.Exists(path)) return null;
        var commit = File.ReadAllText(path).Trim();
        return Store.ModelNames.IsCommit(commit) && Directory.Exists(SnapshotPath(commit)) ? commit : null;
    }

    /// <summary>Files of a snapshot whose content is there, as repository paths.</summary>
    public IReadOnlyList<string> Files(string commit)
    {
        var snapshot = SnapshotPath(commit);
        return [.. Directory.EnumerateFiles(snapshot, "*", SearchOption.AllDirectories)
            .Where(HasContent)
            .Select(path => Path.GetRelativePath(snapshot, path).Replace(Path.DirectorySeparatorChar, '/'))];
    }

    /// <summary>Makes a complete blob visible under its name at a commit.</summary>
    public string Link(string commit, string file, string etag)
    {
        var path = Path.Combine(SnapshotPath(commit), file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        if (HasContent(path)) return path;
        // Another name first, then a rename: a reader, or a second writer, never meets half a link.
        var fresh = $"{path}.{Guid.NewGuid():N}";
        File.CreateSymbolicLink(fresh, Path.GetRelativePath(Path.GetDirectoryName(path)!, BlobPath(etag)));
        File.Move(fresh, path, overwrite: true);
        return path;
    }

    /// <summary>Notes which commit a branch or tag names now.</summary>
    public void WriteRef(string revision, string commit)
    {
        if (string.Equals(revision, commit, StringComparison.Ordinal)) return;
        var path = Path.Combine(_folder, "refs", revision);
        WholeFile.Write(path, commit);
    }

    /// <summary>Whether a file is there, and is no link whose blob was removed: <see cref="File.Exists"/> says yes to such a link.</summary>
    private static bool HasContent(string path) => File.Exists(path) && File.ResolveLinkTarget(path, returnFinalTarget: true) is null or { Exists: true };
}
