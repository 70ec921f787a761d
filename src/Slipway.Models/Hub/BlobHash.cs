using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Slipway.Models.Hub;

/// <summary>Checksum of a blob by the rule of its ETag: sha256 of the content for LFS, git's sha1 of a blob object otherwise.</summary>
internal sealed class BlobHash : IDisposable
{
    private readonly IncrementalHash _hash;

    public BlobHash(HubFile file)
    {
        var lfs = file.Lfs?.Oid is not null;
        _hash = IncrementalHash.CreateHash(lfs ? HashAlgorithmName.SHA256 : HashAlgorithmName.SHA1);
        // git hashes a header with the content: https://git-scm.com/book/en/v2/Git-Internals-Git-Objects
        if (!lfs) _hash.AppendData(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"blob {file.Size}\0")));
    }

    public void Append(ReadOnlySpan<byte> data) => _hash.AppendData(data);

    public string Finish() => Convert.ToHexStringLower(_hash.GetHashAndReset());

    public void Dispose() => _hash.Dispose();
}
