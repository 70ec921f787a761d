using System.Globalization;
using System.Text;
using Slipway.ApiServer.Json;
using Slipway.ApiServer.Schemas;
using Slipway.ApiServer.Tables;

namespace Slipway.ApiServer.Kinds;

/// <summary>
/// Reads the catalogue of built-in kinds: schemas in a short notation (see meta.kinds) that compile to the same
/// <see cref="Schema"/> as a CustomResourceDefinition's.
/// </summary>
internal sealed class CatalogReader
{
    /// <summary>The member of a field that holds its protobuf number, and the one that holds its type as written. Neither is published.</summary>
    public const string Number = "$number", Word = "$word";

    /// <summary>The member of a type that names the required fields whose absence the kind's own rules judge, if any. Not published.</summary>
    public const string Unchecked = "$unchecked";

    /// <summary>The member of a field that is not written when it is empty, zero or false: Go cannot tell that from absent. Not published.</summary>
    public const string Omits = "$omits";

    private readonly Dictionary<string, JsonMap> _types = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Schema> _compiled = new(StringComparer.Ordinal);
    private readonly List<KindLine> _kinds = [];
    private readonly Lock _compiling = new();

    /// <summary>Gets the types by name, as OpenAPI with references to each other.</summary>
    public IReadOnlyDictionary<string, JsonMap> Types => _types;

    public IReadOnlyList<KindLine> Kinds => _kinds;

    /// <summary>Compiles a type, or gives what was compiled before.</summary>
    /// <remarks>Types refer to themselves, so one is known before it is complete: to the thread that compiles it, and to no other.</remarks>
    public Schema Compile(string type)
    {
        lock (_compiling) return Known(type);
    }

    private Schema Known(string type)
    {
        if (_compiled.TryGetValue(type, out var known)) return known;
        var json = _types[type];
        var properties = new Dictionary<string, Schema>(StringComparer.Ordinal);
        var schema = new Schema
        {
            Type = "object",
            Description = json.Text("description") ?? "",
            AtomicMap = json.Text("x-kubernetes-map-type") == "atomic",
            PreserveUnknown = json.At("x-kubernetes-preserve-unknown-fields") is true,
            Required = [.. (json.List("required")?.Strings() ?? []).Except(json.List(Unchecked)?.Strings() ?? [], StringComparer.Ordinal)],
            Properties = properties,
        };
        _compiled[type] = schema;
        foreach (var (name, member) in json.Map("properties") ?? []) properties[name] = CompileField((JsonMap)member!);
        return schema;
    }

    public void Read(string text)
    {
        string group = "", version = "";
        JsonMap? current = null;
        KindLine? kind = null;
        foreach (var raw in text.Split('\n'))
        {
            if (raw.Length == 0 || raw[0] == '#') continue;
            var words = Words(raw);
            var directive = raw[0] != ' ';
            var description = words[^1].StartsWith('"') && words[^2] != "=" && !(directive && words[0] == "group") ? words[^1].Trim('"') : null;
            if (description is not null) words.RemoveAt(words.Count - 1);
            if (directive && words[0] == "group") (group, version) = (words[1].Trim('"'), words[2]);
            else if (directive && words[0] == "kind")
            {
                kind = KindLine.From(words, group, version, description ?? "");
                _kinds.Add(kind);
                current = Type(kind.TypeName, description);
                current.Ensure("properties")["apiVersion"] = new JsonMap { ["type"] = "string", ["description"] = "Group and version of the object." };
                current.Ensure("properties")["kind"] = new JsonMap { ["type"] = "string", ["description"] = "Kind of the object." };
                current.Ensure("properties")["metadata"] = new JsonMap { ["$type"] = "ObjectMeta", [Number] = "1", [Word] = "ObjectMeta", ["description"] = "Names, labels and owners of the object." };
            }
            else if (directive && words[0] == "type")
            {
                kind = null;
                current = Type(words[1], description);
                if (words.Contains("atomic")) current["x-kubernetes-map-type"] = "atomic";
                if (words.Contains("open")) current["x-kubernetes-preserve-unknown-fields"] = true;
            }
            else if (words[0] == "column")
            {
                kind!.Columns.Add(Columns.FromPath(words[1].Replace('_', ' '), words[2], "", "", 0, "." + words[3]));
            }
            else
            {
                Field(current!, words, description);
            }
        }
    }

    private JsonMap Type(string name, string? description)
    {
        var type = new JsonMap { ["type"] = "object" };
        if (description is not null) type["description"] = description;
        _types[name] = type;
        return type;
    }

    private static void Field(JsonMap type, List<string> words, string? description)
    {
        var name = words[0].TrimEnd('!', '*', '?');
        var field = TypeOf(words[1]);
        if (description is not null) field["description"] = description;
        field[Word] = words[1];
        if (words[0][^1] is not ('!' or '*' or '?')) field[Omits] = true;
        if (words[0][^1] is '!' or '*') (type.List("required") ?? (JsonList)(type["required"] = new JsonList())!).Add(name);
        if (words[0][^1] is '*') (type.List(Unchecked) ?? (JsonList)(type[Unchecked] = new JsonList())!).Add(name);
        for (var i = 2; i < words.Count; i++)
        {
            switch (words[i])
            {
                case ['#', .. var number]:
                    field[Number] = number;
                    break;
                case "by":
                    field["x-kubernetes-list-type"] = "map";
                    field["x-kubernetes-list-map-keys"] = JsonList.Of(words[++i].Split(','));
                    break;
                case "merge":
                    field["x-kubernetes-patch-merge-key"] = words[++i] is "-" ? "" : words[i];
                    break;
                case "set":
                    field["x-kubernetes-list-type"] = "set";
                    break;
                case "atomic":
                    field["x-kubernetes-map-type"] = "atomic";
                    break;
                case "=":
                    if (words[++i] == "null") field["nullable"] = true;
                    field["default"] = Literal(words[i], field.Text("type"));
                    break;
                case "in":
                    field["enum"] = JsonList.Of(words[++i].Split('|'));
                    break;
            }
        }

        type.Ensure("properties")[name] = field;
    }

    private static object? Literal(string word, string? type) => type switch
    {
        _ when word == "null" => null,
        "integer" => long.Parse(word, CultureInfo.InvariantCulture),
        "boolean" => word == "true",
        _ when word == "{}" => new JsonMap(),
        _ => word.Trim('"'),
    };

    private static JsonMap TypeOf(string word)
    {
        if (word[0] == '[') return new() { ["type"] = "array", ["items"] = TypeOf(word[1..^1]) };
        if (word.StartsWith("map<", StringComparison.Ordinal))
            return new() { ["type"] = "object", ["additionalProperties"] = TypeOf(word[4..^1]) };
        return word switch
        {
            "string" => new() { ["type"] = "string" },
            "boolean" => new() { ["type"] = "boolean" },
            "int32" or "int64" => new() { ["type"] = "integer", ["format"] = word },
            "time" => new() { ["type"] = "string", ["format"] = "date-time" },
            "microTime" => new() { ["type"] = "string", ["format"] = "date-time" },
            "bytes" => new() { ["type"] = "string", ["format"] = "byte" },
            "quantity" => new() { ["x-kubernetes-int-or-string"] = true, ["format"] = "quantity" },
            "intOrString" => new() { ["x-kubernetes-int-or-string"] = true, ["format"] = "int-or-string" },
            "number" => new() { ["type"] = "number" },
            "duration" => new() { ["type"] = "string" },
            "ExtraValue" => new() { ["type"] = "array", ["items"] = new JsonMap { ["type"] = "string" } },
            "raw" or "FieldsV1" or "any" => new() { ["x-kubernetes-preserve-unknown-fields"] = true },
            _ => new() { ["$type"] = word },
        };
    }

    private Schema CompileField(JsonMap field)
    {
        if (field.Text("$type") is { } named)
        {
            var shared = Known(named);
            return field.ContainsKey("default") ? shared.WithDefault(field.At("default"), field.At("nullable") is true) : shared;
        }

        var schema = SchemaCompiler.Compile(WithoutTypes(field));
        if (field.Map("items")?.Text("$type") is { } item) schema = schema.WithItems(Known(item));
        else if (field.Map("additionalProperties")?.Text("$type") is { } value) schema = schema.WithAdditional(Known(value));
        schema.OmitsZero = field.At(Omits) is true;
        return schema;
    }

    private static JsonMap WithoutTypes(JsonMap field)
    {
        var copy = JsonValues.Shallow(field);
        if (field.Map("items")?.ContainsKey("$type") == true) copy["items"] = new JsonMap();
        if (field.Map("additionalProperties")?.ContainsKey("$type") == true) copy["additionalProperties"] = new JsonMap();
        return copy;
    }

    /// <summary>Splits a line at spaces, but not within quotes.</summary>
    private static List<string> Words(string line)
    {
        var words = new List<string>(8);
        var at = 0;
        while (at < line.Length)
        {
            if (line[at] == ' ')
            {
                at++;
                continue;
            }

            var end = line[at] == '"' ? line.IndexOf('"', at + 1) + 1 : line.IndexOf(' ', at);
            if (end <= 0) end = line.Length;
            words.Add(line[at..end]);
            at = end;
        }

        return words;
    }
}

/// <summary>A kind of the catalogue.</summary>
internal sealed record KindLine(string Group, string Version, string Kind, string Plural, string Description)
{
    public IReadOnlyList<string> ShortNames { get; private init; } = [];

    public IReadOnlyList<string> Categories { get; private init; } = [];

    public bool Cluster { get; private init; }

    public bool Status { get; private init; }

    public bool Scale { get; private init; }

    public string? Bucket { get; private init; }

    public List<PrinterColumn> Columns { get; } = [];

    public string TypeName => new StringBuilder(Group.Length == 0 ? "core" : Group).Append('/').Append(Version).Append('/').Append(Kind).ToString();

    public static KindLine From(List<string> words, string group, string version, string description)
    {
        var line = new KindLine(group, version, words[1], words[2], description);
        foreach (var word in words.Skip(3))
        {
            line = word switch
            {
                "cluster" => line with { Cluster = true },
                "status" => line with { Status = true },
                "scale" => line with { Scale = true },
                _ when word.StartsWith("categories=", StringComparison.Ordinal) => line with { Categories = word[11..].Split(',') },
                _ when word.StartsWith("bucket=", StringComparison.Ordinal) => line with { Bucket = word[7..] },
                _ => line with { ShortNames = word.Split(',') },
            };
        }

        return line;
    }
}
