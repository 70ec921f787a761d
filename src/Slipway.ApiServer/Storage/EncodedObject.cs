using System.Globalization;
using System.Text;
using Slipway.ApiServer.Json;

namespace Slipway.ApiServer.Storage;

/// <summary>
/// An object as it will be stored, but for its resource version, which only the writer knows. The bytes are made by the
/// request; the writer copies them around the number.
/// </summary>
internal sealed class EncodedObject
{
    private static readonly byte[] s_marker = Encoding.ASCII.GetBytes("\"resourceVersion\":\"@\"");

    /// <summary>The largest object that a request may store: what etcd takes by default (--max-request-bytes).</summary>
    public const int MaxBytes = 1_572_864;

    private readonly byte[] _bytes;
    private readonly int _gap;

    private EncodedObject(byte[] bytes, int gap)
    {
        _bytes = bytes;
        _gap = gap;
    }

    /// <summary>Gets how many bytes the object is, without its resource version.</summary>
    public int Length => _bytes.Length;

    /// <summary>Encodes an object; apiVersion, kind and the resource version come first, so that finding them costs nothing.</summary>
    public static EncodedObject From(JsonMap value)
    {
        var ordered = new JsonMap(value.Count) { ["apiVersion"] = value.At("apiVersion"), ["kind"] = value.At("kind") };
        var metadata = value.Map("metadata");
        var front = new JsonMap((metadata?.Count ?? 0) + 1)
        {
            ["name"] = metadata?.At("name"),
            ["resourceVersion"] = "@",
        };
        foreach (var (name, member) in metadata ?? []) front.TryAdd(name, member);
        ordered["metadata"] = front;
        foreach (var (name, member) in value) ordered.TryAdd(name, member);
        var bytes = JsonText.Bytes(ordered);
        return new(bytes, bytes.AsSpan().IndexOf(s_marker) + s_marker.Length - 2);
    }

    public byte[] At(long revision)
    {
        Span<byte> digits = stackalloc byte[20];
        revision.TryFormat(digits, out var length, default, CultureInfo.InvariantCulture);
        var bytes = new byte[_bytes.Length - 1 + length];
        _bytes.AsSpan(0, _gap).CopyTo(bytes);
        digits[..length].CopyTo(bytes.AsSpan(_gap));
        _bytes.AsSpan(_gap + 1).CopyTo(bytes.AsSpan(_gap + length));
        return bytes;
    }
}
