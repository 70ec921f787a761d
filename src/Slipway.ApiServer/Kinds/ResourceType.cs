using Slipway.ApiServer.Conversion;
using Slipway.ApiServer.Json;
using Slipway.ApiServer.Schemas;
using Slipway.ApiServer.Tables;

namespace Slipway.ApiServer.Kinds;

/// <summary>One resource that the server serves, built in or defined by a CustomResourceDefinition.</summary>
internal sealed class ResourceType
{
    public required string Group { get; init; }

    public required string Kind { get; init; }

    public required string Plural { get; init; }

    public string ListKind { get => field ?? Kind + "List"; init; }

    public string Singular { get => field ?? Kind.ToLowerInvariant(); init; }

    public IReadOnlyList<string> ShortNames { get; init; } = [];

    public IReadOnlyList<string> Categories { get; init; } = [];

    public bool Namespaced { get; init; }

    public required IReadOnlyList<ServedVersion> Versions { get; init; }

    public KindStrategy Strategy { get; init; } = KindStrategy.None;

    /// <summary>Gets whether a CustomResourceDefinition made it.</summary>
    public bool Custom { get; init; }

    /// <summary>Gets who converts between the versions; without one they differ by their name only.</summary>
    public ConversionWebhook? Conversion { get; init; }

    /// <summary>Gets the name under which the objects are stored; kinds that are two views of one thing share it.</summary>
    public string BucketName { get => field ?? $"{Group}/{Plural}"; init; }

    public string Qualified => Group.Length == 0 ? Plural : $"{Plural}.{Group}";

    public ServedVersion Storage => Versions.First(v => v.Storage);

    public ServedVersion? Version(string name) => Versions.FirstOrDefault(v => v.Served && v.Name == name);
}

/// <summary>One version of a resource.</summary>
internal sealed class ServedVersion(string group, string name, Lazy<Schema> schema)
{
    public string Name { get; } = name;

    public string ApiVersion { get; } = group.Length == 0 ? name : $"{group}/{name}";

    public Schema Schema => schema.Value;

    /// <summary>Gets the schema as its author wrote it, where that is what clients should be shown.</summary>
    public JsonMap? PublishedSchema { get; init; }

    public bool Served { get; init; } = true;

    public bool Storage { get; init; } = true;

    public bool HasStatus { get; init; }

    public ScaleColumns? Scale { get; init; }

    public IReadOnlyList<PrinterColumn> Columns { get; init; } = [];

    public string? DeprecationWarning { get; init; }

    /// <summary>Gets the dotted paths by which a field selector may choose, besides name and namespace.</summary>
    public IReadOnlyList<string> SelectableFields { get; init; } = [];
}

/// <summary>Where the scale subresource finds its numbers.</summary>
internal sealed record ScaleColumns(string SpecReplicas, string StatusReplicas, string? LabelSelector);
