using System.Text;
using Slipway.ApiServer.Json;
using Slipway.ApiServer.Kinds;
using Slipway.ApiServer.Schemas;
using Slipway.ApiServer.Storage;

namespace Slipway.ApiServer.Requests;

/// <summary>Shows a stored object in the version that a client asked for. The stored bytes themselves wherever they fit.</summary>
internal static class Presenter
{
    public static byte[] Bytes(StoredObject stored, ResourceType type, ServedVersion version)
    {
        if (!NeedsWork(stored, type, version)) return stored.Bytes;
        if (stored.Shown is { } shown && ReferenceEquals(shown.Version, version)) return shown.Bytes;
        var value = Convert(stored.Parse(), type, version);
        var bytes = EncodedObject.From(value).At(stored.Revision);
        stored.Shown = new(version, bytes);
        return bytes;
    }

    public static JsonMap Value(StoredObject stored, ResourceType type, ServedVersion version)
    {
        var value = stored.Parse();
        return NeedsWork(stored, type, version) ? Convert(value, type, version) : value;
    }

    private static bool NeedsWork(StoredObject stored, ResourceType type, ServedVersion version)
    {
        if (!type.Custom) return type.Strategy.HasStoredForm;
        // A CRD may have changed since the object was written: its defaults and its fields hold from now on.
        return !ReferenceEquals(stored.WrittenAs, type) || !HasVersion(stored.Bytes, version.ApiVersion);
    }

    private static JsonMap Convert(JsonMap value, ResourceType type, ServedVersion version)
    {
        if (!type.Custom)
        {
            type.Strategy.FromStored(value);
            return value;
        }

        value["apiVersion"] = version.ApiVersion;
        Defaulter.Apply(value, version.Schema);
        return value;
    }

    private static bool HasVersion(ReadOnlySpan<byte> json, string apiVersion)
    {
        var start = "{\"apiVersion\":\""u8;
        var rest = json[start.Length..];
        return rest.Length > apiVersion.Length && rest[apiVersion.Length] == '"' &&
            rest[..apiVersion.Length].SequenceEqual(Encoding.ASCII.GetBytes(apiVersion));
    }
}
