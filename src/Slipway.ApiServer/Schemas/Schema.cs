using System.Text.RegularExpressions;
using Slipway.ApiServer.Json;
using Slipway.ApiServer.Schemas.Rules;
using Slipway.Cel;

namespace Slipway.ApiServer.Schemas;

/// <summary>How the items of a list belong together (KEP-555, x-kubernetes-list-type).</summary>
internal enum ListKind
{
    Atomic,
    Set,
    Map,
}

/// <summary>
/// A structural schema, compiled. Built-in kinds and custom resources are both described by it, and pruning, defaulting,
/// validation, server-side apply and strategic merge all read it.
/// </summary>
internal sealed class Schema
{
    // First: the schema below takes it as its own.
    private static readonly Dictionary<string, Schema> s_noProperties = [];

    public static readonly Schema Anything = new() { PreserveUnknown = true };

    public string Type { get; init; } = "";

    public string Format { get; init; } = "";

    public string Description { get; init; } = "";

    public bool IntOrString { get; init; }

    public bool PreserveUnknown { get; init; }

    public bool Nullable { get; init; }

    public bool EmbeddedResource { get; init; }

    /// <summary>Gets or sets the declared members. Set after construction so that types may refer to themselves.</summary>
    public IReadOnlyDictionary<string, Schema> Properties { get; set; } = s_noProperties;

    public Schema? AdditionalProperties { get; init; }

    public Schema? Items { get; init; }

    /// <summary>Gets whether empty, zero and false count as absent, as in Go's fields that are no pointers.</summary>
    public bool OmitsZero { get; set; }

    public bool HasDefault { get; init; }

    public object? Default { get; init; }

    public ListKind ListKind { get; init; }

    public IReadOnlyList<string> MapKeys { get; init; } = [];

    /// <summary>Gets whether the object is owned and replaced as a whole (x-kubernetes-map-type: atomic).</summary>
    public bool AtomicMap { get; init; }

    /// <summary>Gets the key by which strategic merge patches match items, where it differs from the keys of the list map.</summary>
    public string? PatchMergeKey { get; init; }

    public IReadOnlyList<string> Required { get; init; } = [];

    public SchemaChecks? Checks { get; init; }

    /// <summary>Gets the x-kubernetes-validations of this place, as written.</summary>
    public JsonList? Rules { get; init; }

    public bool HasRulesBelow { get; init; }

    /// <summary>Gets whether the values are resources, whose name rules see whatever the schema declares.</summary>
    public bool IsResourceRoot { get; set; }

    /// <summary>Gets what a definition says of its objects' metadata beyond what holds for all: bounds on names.</summary>
    public Schema? DeclaredMetadata { get; set; }

    /// <summary>Gets the keys of a list of type map as rules spell them.</summary>
    public IReadOnlyList<string> RuleKeys => field ??= [.. MapKeys.Select(k => PropertyNames.Escape(k) ?? k)];

    /// <summary>Gets the rules here and below, compiled as they are first needed.</summary>
    public RuleTree RuleTree => field ??= new RuleTree(this);

    public bool IsMap => Type == "object" || (Type.Length == 0 && (Properties.Count > 0 || AdditionalProperties is not null));

    /// <summary>Gets the schema of a member: declared, of any name, unknown but kept, or none.</summary>
    public Schema? Member(string name) =>
        Properties.TryGetValue(name, out var property) ? property : AdditionalProperties ?? (PreserveUnknown ? Anything : null);

    public Schema WithItems(Schema items) => With(items, AdditionalProperties);

    public Schema WithAdditional(Schema additional) => With(Items, additional);

    /// <summary>Returns the schema of a type, whose members it shares, for a field that is never absent.</summary>
    public Schema WithDefault(object? value, bool nullable) => new()
    {
        Type = Type,
        Description = Description,
        AtomicMap = AtomicMap,
        PreserveUnknown = PreserveUnknown,
        Required = Required,
        Properties = Properties,
        HasDefault = true,
        Default = value,
        Nullable = nullable,
    };

    private Schema With(Schema? items, Schema? additional) => new()
    {
        Type = Type,
        Format = Format,
        Description = Description,
        ListKind = ListKind,
        MapKeys = MapKeys,
        AtomicMap = AtomicMap,
        PatchMergeKey = PatchMergeKey,
        OmitsZero = OmitsZero,
        Nullable = Nullable,
        HasDefault = HasDefault,
        Default = Default,
        Items = items,
        AdditionalProperties = additional,
        Properties = Properties,
        Checks = Checks,
    };
}

/// <summary>The value checks of a schema, kept apart because most places have none.</summary>
internal sealed record SchemaChecks
{
    public JsonList? Enum { get; init; }

    public string? PatternText { get; init; }

    /// <summary>Gets the pattern; <see langword="null"/> when there is none. It compiles when first asked for: big schemas have hundreds.</summary>
    public Regex? Pattern => PatternText is null ? null : field ??= CelPattern.Compile(PatternText);

    public double? Minimum { get; init; }

    public double? Maximum { get; init; }

    public bool ExclusiveMinimum { get; init; }

    public bool ExclusiveMaximum { get; init; }

    public double? MultipleOf { get; init; }

    public long? MinLength { get; init; }

    public long? MaxLength { get; init; }

    public long? MinItems { get; init; }

    public long? MaxItems { get; init; }

    public bool UniqueItems { get; init; }

    public long? MinProperties { get; init; }

    public long? MaxProperties { get; init; }

    public IReadOnlyList<Schema> AllOf { get; init; } = [];

    public IReadOnlyList<Schema> AnyOf { get; init; } = [];

    public IReadOnlyList<Schema> OneOf { get; init; } = [];

    public Schema? Not { get; init; }
}
