using System.Globalization;
using System.Text;
using System.Text.Json;
using Slipway.ApiServer.Http;
using Slipway.ApiServer.Json;
using Slipway.ApiServer.Selectors;
using Slipway.ApiServer.Storage;

namespace Slipway.ApiServer.Requests;

/// <summary>Which objects a list, watch or deletecollection is about.</summary>
internal sealed class ListQuery
{
    private readonly LabelSelector _labels;
    private readonly FieldSelector _fields;

    public ListQuery(ApiRequest request)
    {
        _labels = LabelSelector.Parse(request.Query("labelSelector"));
        _fields = FieldSelector.Parse(request.Query("fieldSelector"), request.Type, request.Version);
        Prefix = request.Namespace is { } ns ? ns + "/" : "";
        if (request.Target.Name is { } name) OnlyKey = StoredObject.KeyOf(request.Namespace, name);
        else if (_fields.Name is { } selected && (request.Namespace is not null || !request.Type.Namespaced))
            OnlyKey = StoredObject.KeyOf(request.Namespace, selected);
    }

    public string Prefix { get; }

    public string? OnlyKey { get; }

    public bool HasSelectors => !_labels.IsEmpty || !_fields.IsEmpty;

    public bool Matches(StoredObject item)
    {
        if (OnlyKey is not null ? item.Key != OnlyKey : Prefix.Length > 0 && !item.Key.StartsWith(Prefix, StringComparison.Ordinal)) return false;
        return (_fields.IsEmpty || _fields.Matches(item)) && (_labels.IsEmpty || _labels.Matches(item.Metadata.Labels));
    }

    public IEnumerable<StoredObject> Select(Snapshot snapshot, string? after = null)
    {
        if (OnlyKey is not null) return snapshot.Find(OnlyKey) is { } one && Matches(one) ? [one] : [];
        var range = snapshot.Range(Prefix, after);
        return HasSelectors ? range.Where(Matches) : range;
    }
}

/// <summary>The continue token of a list: where it stopped and in which snapshot. Opaque to clients.</summary>
internal sealed record ContinueToken(long Snapshot, long Revision, string Key)
{
    public string Encode() => Convert.ToBase64String(JsonText.Bytes(new JsonMap
    {
        ["v"] = "slipway/v1",
        ["s"] = Snapshot,
        ["rv"] = Revision,
        ["k"] = Key,
    }));

    public static ContinueToken Decode(string text)
    {
        try
        {
            var json = JsonParser.ParseMap(Convert.FromBase64String(text));
            if (json.At("s") is long snapshot && json.At("rv") is long revision && json.Text("k") is { } key) return new(snapshot, revision, key);
        }
        catch (Exception e) when (e is FormatException or JsonException)
        {
            // Answered below, like a token of another shape.
        }

        throw Errors.BadRequest("continue key is not valid: it is not a token that this server made");
    }
}

/// <summary>Reads resource versions.</summary>
internal static class Revisions
{
    public static long? Parse(string? text)
    {
        if (string.IsNullOrEmpty(text)) return null;
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw new ApiException(400, "BadRequest", $"resourceVersion: Invalid value: {JsonText.Of(text)}: must be a number");
    }

    public static string Text(long revision) => revision.ToString(CultureInfo.InvariantCulture);

    public static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);
}
