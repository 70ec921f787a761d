using Slipway.ApiServer.Json;

namespace Slipway.ApiServer.Crds.Definitions;

/// <summary>Which members all versions of a definition have alike. One version is always alike with itself.</summary>
internal sealed record Hoisted(bool Schema, bool Subresources, bool Columns, bool Selectable)
{
    public static Hoisted Of(JsonList versions) => new(
        Same(versions, v => v.Map("schema")), Same(versions, v => v.Map("subresources")), Same(versions, v => v.List("additionalPrinterColumns")),
        Same(versions, v => v.List("selectableFields")));

    public static JsonMap? SchemaOf(JsonMap version) => version.Map("schema")?.Map("openAPIV3Schema");

    private static bool Same(JsonList versions, Func<JsonMap, object?> part)
    {
        if (versions is not [JsonMap first, ..] || part(first) is not { } own) return false;
        return versions.Maps().Skip(1).All(v => JsonValues.Same(own, part(v)));
    }
}
