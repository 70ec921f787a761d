using System.Collections.Concurrent;
using Slipway.ApiServer.Json;

namespace Slipway.ApiServer.Kinds.Protobuf;

/// <summary>How a field occurs in a message.</summary>
internal enum ProtobufShape
{
    Single,
    List,
    Map,
}

/// <summary>One field of a message, as the catalogue describes it.</summary>
internal sealed record ProtobufField(string Name, ProtobufShape Shape, string Item);

/// <summary>The fields of one message by their numbers.</summary>
internal sealed class ProtobufType
{
    private static readonly ConcurrentDictionary<string, ProtobufType?> s_types = new(StringComparer.Ordinal);

    private readonly Dictionary<string, ProtobufField> _fields = new(StringComparer.Ordinal);
    private readonly HashSet<string> _inline = new(StringComparer.Ordinal);

    public static ProtobufType? Find(string type) => s_types.GetOrAdd(type, Read);

    public ProtobufField? Field(string number) => _fields.GetValueOrDefault(number);

    /// <summary>Gets whether the field holds a message whose members JSON writes among those of the outer one.</summary>
    public bool IsInline(string number) => _inline.Contains(number);

    private static ProtobufType? Read(string name)
    {
        if (!BuiltInKinds.Catalog.Types.TryGetValue(name, out var json)) return null;
        var type = new ProtobufType();
        foreach (var (field, member) in json.Map("properties") ?? [])
        {
            if (member is not JsonMap map || map.Text(CatalogReader.Number) is not { } number) continue;
            type._fields[number] = Describe(field, map.Text(CatalogReader.Word)!);
            for (var dot = number.LastIndexOf('.'); dot > 0; dot = number.LastIndexOf('.', dot - 1)) type._inline.Add(number[..dot]);
        }

        return type;
    }

    private static ProtobufField Describe(string name, string word)
    {
        if (word[0] == '[') return new(name, ProtobufShape.List, word[1..^1]);
        return word.StartsWith("map<", StringComparison.Ordinal)
            ? new(name, ProtobufShape.Map, word[4..^1])
            : new(name, ProtobufShape.Single, word);
    }
}
