using System.Text.Json;
using System.Text.Json.Serialization;

namespace Slipway.Models.Hub;

/// <summary>Answer of <c>GET /api/models/{id}/revision/{revision}</c>, the part that is used.</summary>
/// <param name="Sha">The commit.</param>
/// <param name="Gated"><c>false</c>, or how access is given: <c>"auto"</c>, <c>"manual"</c>.</param>
/// <param name="Tags">Among them <c>license:…</c>.</param>
internal sealed record HubRevision(string? Sha, JsonElement? Gated = null, IReadOnlyList<string>? Tags = null)
{
    /// <summary>The licence's short name; null when the hub names none.</summary>
    public string? Licence => Tags?.FirstOrDefault(static t => t.StartsWith("license:", StringComparison.Ordinal))?["license:".Length..];

    /// <summary>Whether a licence must be accepted first.</summary>
    public bool? IsGated => Gated?.ValueKind switch { JsonValueKind.False => false, JsonValueKind.True or JsonValueKind.String => true, _ => null };
}

/// <summary>One row of <c>GET /api/models/{id}/tree/{revision}</c>.</summary>
/// <param name="Type"><c>file</c> or <c>directory</c>.</param>
/// <param name="Path">Path in the repository.</param>
/// <param name="Size">Bytes; of the real file, not of its LFS pointer.</param>
/// <param name="Oid">Git's sha1 of the blob: the ETag of a file that is not in LFS.</param>
/// <param name="Lfs">Set for a file in LFS.</param>
internal sealed record HubFile(string? Type, string Path, long Size, string? Oid, HubLfs? Lfs)
{
    /// <summary>Name of the blob in the cache, as huggingface_hub names it: the ETag, which is the sha256 in LFS and git's sha1 elsewhere.</summary>
    public string? ETag => Lfs?.Oid ?? Oid;
}

/// <summary>LFS part of a row.</summary>
/// <param name="Oid">Sha256 of the content, in hexadecimal.</param>
internal sealed record HubLfs(string? Oid);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(HubRevision))]
[JsonSerializable(typeof(List<HubFile>))]
internal sealed partial class HubJson : JsonSerializerContext;
