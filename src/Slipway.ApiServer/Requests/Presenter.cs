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
        if (stored.ShownIn(version) is { } shown) return shown;
        return Show(stored, Convert(Ready(stored, type, version), type, version), version);
    }

    /// <summary>Gets whether an object can be shown without asking a conversion webhook.</summary>
    public static bool IsReady(StoredObject stored, ResourceType type, ServedVersion version) =>
        type.Conversion is null || HasVersion(stored.Bytes, version.ApiVersion) || stored.ShownIn(version) is not null;

    /// <summary>Keeps what a conversion webhook made of an object with the stored one.</summary>
    public static void Keep(StoredObject stored, JsonMap converted, ResourceType type, ServedVersion version)
    {
        Pruner.Prune(converted, version.Schema, []);
        Show(stored, Convert(converted, type, version), version);
    }

    private static byte[] Show(StoredObject stored, JsonMap value, ServedVersion version)
    {
        var bytes = EncodedObject.From(value).At(stored.Revision);
        stored.Show(version, bytes);
        return bytes;
    }

    public static JsonMap Value(StoredObject stored, ResourceType type, ServedVersion version)
    {
        if (!NeedsWork(stored, type, version)) return stored.Parse();
        return stored.ShownIn(version) is { } shown ? JsonParser.ParseMap(shown) : Convert(Ready(stored, type, version), type, version);
    }

    private static JsonMap Ready(StoredObject stored, ResourceType type, ServedVersion version) => IsReady(stored, type, version)
        ? stored.Parse()
        : throw new InvalidOperationException($"{type.Qualified} {stored.Key} was not converted to {version.Name} before it is shown");

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
            type.Strategy.FromStored(value, version);
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
