using System.Collections.Frozen;
using System.IO.Compression;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;

namespace Slipway.Web.Assets;

/// <summary>
/// The page's styles and scripts. Each has the digest of its content in its address, so that a browser keeps it for good and a new version is
/// another address; each is compressed once, on first use.
/// </summary>
public sealed class AssetCatalogue
{
    /// <summary>The path under which they are.</summary>
    public const string Root = "/assets/";

    private readonly FrozenDictionary<string, Asset> _byAddress;
    private readonly FrozenDictionary<string, string> _addresses;

    private AssetCatalogue(IReadOnlyList<Asset> assets)
    {
        _byAddress = assets.ToFrozenDictionary(static a => a.FileName, StringComparer.Ordinal);
        _addresses = assets.ToFrozenDictionary(static a => a.Name, static a => Root + a.FileName, StringComparer.Ordinal);
    }

    /// <summary>The assets of this program.</summary>
    public static AssetCatalogue Bundled { get; } = Read();

    /// <summary>The address of an asset.</summary>
    /// <param name="name">Its name, such as <c>page.css</c>.</param>
    /// <exception cref="KeyNotFoundException">There is none of that name.</exception>
    public string this[string name] => _addresses[name];

    /// <summary>The bytes that a browser receives for an asset when it accepts Brotli.</summary>
    /// <param name="name">Its name.</param>
    public int CompressedLength(string name) => _byAddress[_addresses[name][Root.Length..]].Brotli.Value.Length;

    /// <summary>Answers a request for an asset.</summary>
    /// <param name="fileName">The last part of its address.</param>
    /// <param name="request">The request.</param>
    internal IResult Serve(string fileName, HttpRequest request)
    {
        if (!_byAddress.TryGetValue(fileName, out var asset)) return Results.NotFound();
        var headers = request.HttpContext.Response.Headers;
        headers.CacheControl = "public, max-age=31536000, immutable";
        headers.Vary = "Accept-Encoding";
        var accepted = request.Headers.AcceptEncoding.ToString();
        var (bytes, encoding) = accepted.Contains("br", StringComparison.Ordinal) ? (asset.Brotli.Value, "br")
            : accepted.Contains("gzip", StringComparison.Ordinal) ? (asset.Gzip.Value, "gzip")
            : (asset.Content, null);
        if (encoding is not null) headers.ContentEncoding = encoding;
        return Results.Bytes(bytes, asset.Name.EndsWith(".css", StringComparison.Ordinal) ? "text/css" : "text/javascript");
    }

    private static AssetCatalogue Read()
    {
        const string Prefix = "assets/";
        var assembly = typeof(AssetCatalogue).Assembly;
        return new AssetCatalogue([.. assembly.GetManifestResourceNames().Where(static n => n.StartsWith(Prefix, StringComparison.Ordinal)).Select(name =>
        {
            using var stream = assembly.GetManifestResourceStream(name)!;
            using var bytes = new MemoryStream();
            stream.CopyTo(bytes);
            return new Asset(name[Prefix.Length..], bytes.ToArray());
        })]);
    }

    private sealed class Asset(string name, byte[] content)
    {
        public string Name { get; } = name;

        public byte[] Content { get; } = content;

        public string FileName { get; } =
            $"{Path.GetFileNameWithoutExtension(name)}.{Convert.ToHexStringLower(SHA256.HashData(content))[..12]}{Path.GetExtension(name)}";

        public Lazy<byte[]> Brotli { get; } = new(() => Compress(content, static s => new BrotliStream(s, CompressionLevel.SmallestSize, leaveOpen: true)));

        public Lazy<byte[]> Gzip { get; } = new(() => Compress(content, static s => new GZipStream(s, CompressionLevel.SmallestSize, leaveOpen: true)));

        private static byte[] Compress(byte[] content, Func<Stream, Stream> open)
        {
            using var bytes = new MemoryStream();
            using (var into = open(bytes)) into.Write(content);
            return bytes.ToArray();
        }
    }
}
