using System.Text.Json;

namespace Slipway.ApiServer.Storage;

/// <summary>The parts of an object's metadata that the server itself looks at, read from its bytes without building a tree.</summary>
internal sealed record MetadataScan
{
    public string Uid { get; private init; } = "";

    public IReadOnlyDictionary<string, string> Labels { get; private init; } = s_none;

    public IReadOnlyList<OwnerReference> Owners { get; private init; } = [];

    public bool Deleting { get; private init; }

    private static readonly Dictionary<string, string> s_none = [];

    public static MetadataScan Of(ReadOnlySpan<byte> json)
    {
        var scan = new MetadataScan();
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 512 });
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var metadata = reader.ValueTextEquals("metadata"u8);
            reader.Read();
            if (!metadata)
            {
                reader.Skip();
                continue;
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName) scan = scan.Member(ref reader);
            break;
        }

        return scan;
    }

    private MetadataScan Member(ref Utf8JsonReader reader)
    {
        var result = this;
        if (reader.ValueTextEquals("uid"u8))
        {
            reader.Read();
            result = this with { Uid = reader.GetString() ?? "" };
        }
        else if (reader.ValueTextEquals("deletionTimestamp"u8))
        {
            reader.Read();
            result = this with { Deleting = reader.TokenType == JsonTokenType.String };
        }
        else if (reader.ValueTextEquals("labels"u8) && reader.Read())
        {
            result = this with { Labels = Strings(ref reader) };
        }
        else if (reader.TokenType == JsonTokenType.PropertyName && reader.ValueTextEquals("ownerReferences"u8) && reader.Read())
        {
            var owners = new List<OwnerReference>();
            while (reader.TokenType != JsonTokenType.Null && reader.Read() && reader.TokenType == JsonTokenType.StartObject) owners.Add(OwnerReference.From(ref reader));
            result = this with { Owners = owners };
        }
        else if (reader.TokenType == JsonTokenType.PropertyName)
        {
            reader.Skip();
        }

        return result;
    }

    private static Dictionary<string, string> Strings(ref Utf8JsonReader reader)
    {
        var map = new Dictionary<string, string>(StringComparer.Ordinal);
        if (reader.TokenType != JsonTokenType.StartObject) return map;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            reader.Read();
            map[name] = reader.TokenType == JsonTokenType.String ? reader.GetString()! : "";
        }

        return map;
    }
}

/// <summary>An owner of an object.</summary>
internal sealed record OwnerReference(string ApiVersion, string Kind, string Name, string Uid, bool BlockDeletion)
{
    public static OwnerReference From(ref Utf8JsonReader reader)
    {
        string apiVersion = "", kind = "", name = "", uid = "";
        var block = false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var member = reader.GetString();
            reader.Read();
            switch (member)
            {
                case "apiVersion": apiVersion = reader.GetString() ?? ""; break;
                case "kind": kind = reader.GetString() ?? ""; break;
                case "name": name = reader.GetString() ?? ""; break;
                case "uid": uid = reader.GetString() ?? ""; break;
                case "blockOwnerDeletion": block = reader.TokenType == JsonTokenType.True; break;
                default: reader.Skip(); break;
            }
        }

        return new(apiVersion, kind, name, uid, block);
    }
}
