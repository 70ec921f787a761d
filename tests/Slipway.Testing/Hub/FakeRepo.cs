using System.Security.Cryptography;
using System.Text;

namespace Slipway.Testing.Hub;

/// <summary>A repository of a <see cref="FakeHub"/>: files in memory at one commit.</summary>
public sealed class FakeRepo(string id)
{
    private readonly SortedDictionary<string, FakeFile> _files = new(StringComparer.Ordinal);

    public string Id { get; } = id;

    /// <summary>Commit of <c>main</c>; it follows from the content.</summary>
    public string Commit => GitId.Of(Encoding.UTF8.GetBytes(Id + string.Concat(_files.Select(static f => f.Key + f.Value.Sha256))));

    /// <summary>Branches and tags beside <c>main</c>, which all name the one commit.</summary>
    public ISet<string> Revisions { get; } = new HashSet<string>(StringComparer.Ordinal) { "main" };

    /// <summary>Token that the repository demands; null for a public one.</summary>
    public string? Token { get; set; }

    /// <summary>Whether the licence must be accepted: without the token 401, with another one 403.</summary>
    public bool Gated { get; set; }

    public IReadOnlyDictionary<string, FakeFile> Files => _files;

    /// <summary>Adds a file. Big files live in LFS, as on the real hub.</summary>
    public FakeRepo With(string path, byte[] content, bool lfs = true)
    {
        _files[path] = new FakeFile(content, lfs);
        return this;
    }
}

/// <summary>A file of a <see cref="FakeRepo"/>.</summary>
public sealed record FakeFile(byte[] Content, bool Lfs)
{
    public string Sha256 { get; } = Convert.ToHexStringLower(SHA256.HashData(Content));

    /// <summary>Git's object id of the blob.</summary>
    public string GitOid { get; } = GitId.Of([.. Encoding.ASCII.GetBytes($"blob {Content.Length}\0"), .. Content]);

    /// <summary>Size that the listing states; set it to make the hub lie.</summary>
    public long? StatedSize { get; init; }

    public string ETag => Lfs ? Sha256 : GitOid;
}

internal static class GitId
{
#pragma warning disable CA5350 // git names its objects by sha1; nothing is protected by it
    public static string Of(byte[] content) => Convert.ToHexStringLower(SHA1.HashData(content));
#pragma warning restore CA5350
}
