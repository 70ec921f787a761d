using System.Text;
using Slipway.ApiServer.Json;

namespace Slipway.ApiServer.Storage;

/// <summary>
/// One state of one object: the bytes that a GET answers and that SQLite holds. Never changed after it was made,
/// so snapshots, watchers and requests share it.
/// </summary>
internal sealed class StoredObject
{
    private const int MaxShown = 6;

    private MetadataScan? _metadata;
    private ShownForm? _shown;

    public StoredObject(string key, long revision, byte[] bytes)
    {
        Key = key;
        Revision = revision;
        Bytes = bytes;
        var slash = key.IndexOf('/', StringComparison.Ordinal);
        Namespace = slash < 0 ? key : key[..slash];
        Name = key[(slash + 1)..];
    }

    /// <summary>Gets "namespace/name", or "/name" outside namespaces.</summary>
    public string Key { get; }

    public long Revision { get; }

    public byte[] Bytes { get; }

    public string Namespace { get; }

    public string Name { get; }

    /// <summary>Gets or sets the resource definition that the bytes conform to; unknown after a restart.</summary>
    public object? WrittenAs { get; set; }

    /// <summary>Gets the bytes in a version, where they were made before.</summary>
    public byte[]? ShownIn(object version)
    {
        for (var form = Volatile.Read(ref _shown); form is not null; form = form.Older)
            if (ReferenceEquals(form.Version, version)) return form.Bytes;
        return null;
    }

    /// <summary>Keeps the bytes in a version, with those in a few others; those of older definitions fall out.</summary>
    public void Show(object version, byte[] bytes)
    {
        ShownForm? known;
        do
        {
            known = Volatile.Read(ref _shown);
        }
        while (Interlocked.CompareExchange(ref _shown, new(version, bytes, ShownForm.Newest(known, version, MaxShown - 1)), known) != known);
    }

    /// <summary>Gets what selectors, garbage collection and lifecycle ask for, read once on first need.</summary>
    public MetadataScan Metadata => _metadata ??= MetadataScan.Of(Bytes);

    public static string KeyOf(string? @namespace, string name) => $"{@namespace}/{name}";

    public JsonMap Parse() => JsonParser.ParseMap(Bytes);

    public override string ToString() => Encoding.UTF8.GetString(Bytes);
}

/// <summary>The bytes of an object in another version than the stored one.</summary>
internal sealed record ShownForm(object Version, byte[] Bytes, ShownForm? Older)
{
    public static ShownForm? Newest(ShownForm? form, object but, int count)
    {
        while (form is not null && ReferenceEquals(form.Version, but)) form = form.Older;
        return form is null || count == 0 ? null : form with { Older = Newest(form.Older, but, count - 1) };
    }
}

/// <summary>Orders objects by their keys, as etcd orders them.</summary>
internal sealed class ByKey : IComparer<StoredObject>
{
    public static readonly ByKey Instance = new();

    public int Compare(StoredObject? x, StoredObject? y) => string.CompareOrdinal(x?.Key, y?.Key);
}
