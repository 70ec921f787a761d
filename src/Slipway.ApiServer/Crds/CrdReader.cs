using Slipway.ApiServer.Conversion;
using Slipway.ApiServer.Json;
using Slipway.ApiServer.Kinds;
using Slipway.ApiServer.Schemas;
using Slipway.ApiServer.Tables;

namespace Slipway.ApiServer.Crds;

/// <summary>Makes a resource from a stored CustomResourceDefinition. Schemas compile on first use, so that a hundred CRDs start at once.</summary>
internal static class CrdReader
{
    public static ResourceType? Read(JsonMap crd)
    {
        if (crd.Map("spec") is not { } spec || spec.Map("names") is not { } asked) return null;
        var names = crd.Map("status", "acceptedNames") is { Count: > 0 } accepted && accepted.Text("kind") is { Length: > 0 } ? accepted : asked;
        var group = spec.Text("group") ?? "";
        return new ResourceType
        {
            Group = group,
            Kind = names.Text("kind") ?? "",
            ListKind = names.Text("listKind") ?? names.Text("kind") + "List",
            Plural = names.Text("plural") ?? "",
            Singular = names.Text("singular") ?? "",
            ShortNames = [.. names.List("shortNames")?.Strings() ?? []],
            Categories = [.. names.List("categories")?.Strings() ?? []],
            Namespaced = spec.Text("scope") == "Namespaced",
            Custom = true,
            Strategy = CustomStrategy.Instance,
            Conversion = ConversionWebhook.Read(spec),
            Versions = [.. (spec.List("versions")?.Maps() ?? []).Select(v => Version(group, names.Text("kind") ?? "", v))],
        };
    }

    private static ServedVersion Version(string group, string kind, JsonMap version)
    {
        var name = version.Text("name") ?? "";
        var schema = version.Map("schema")?.Map("openAPIV3Schema") ?? new JsonMap();
        var warning = version.At("deprecated") is true
            ? version.Text("deprecationWarning") ?? $"{group}/{name} {kind} is deprecated"
            : null;
        return new ServedVersion(group, name, new Lazy<Schema>(() => Root(schema)))
        {
            PublishedSchema = schema,
            Served = version.At("served") is true,
            Storage = version.At("storage") is true,
            HasStatus = version.Map("subresources")?.ContainsKey("status") == true,
            Scale = version.Map("subresources", "scale") is { } scale ? Scale(scale) : null,
            Columns = PrinterColumns(version.List("additionalPrinterColumns")),
            DeprecationWarning = warning,
            SelectableFields = [.. (version.List("selectableFields")?.Maps() ?? []).Select(f => (f.Text("jsonPath") ?? "").TrimStart('.'))],
        };
    }

    private static ScaleColumns Scale(JsonMap scale) => new(
        (scale.Text("specReplicasPath") ?? "").TrimStart('.'),
        (scale.Text("statusReplicasPath") ?? "").TrimStart('.'),
        scale.Text("labelSelectorPath")?.TrimStart('.'));

    private static List<PrinterColumn> PrinterColumns(JsonList? columns)
    {
        var result = new List<PrinterColumn> { Columns.Name };
        foreach (var column in columns?.Maps() ?? [])
            result.Add(Columns.FromPath(column.Text("name") ?? "", column.Text("type") ?? "string", column.Text("format") ?? "",
                column.Text("description") ?? "", (int)(column.At("priority") as long? ?? 0), column.Text("jsonPath") ?? ""));
        if (columns is not { Count: > 0 }) result.Add(Columns.Age);
        return result;
    }

    /// <summary>Every custom resource has the common members, whether its schema names them or not.</summary>
    public static Schema Root(JsonMap json)
    {
        var schema = SchemaCompiler.Compile(json);
        schema.IsResourceRoot = true;
        schema.DeclaredMetadata = schema.Properties.GetValueOrDefault("metadata") is { Properties.Count: > 0 } declared ? declared : null;
        var text = new Schema { Type = "string" };
        schema.Properties = new Dictionary<string, Schema>(schema.Properties, StringComparer.Ordinal)
        {
            ["apiVersion"] = text,
            ["kind"] = text,
            ["metadata"] = BuiltInKinds.ObjectMeta,
        };
        return schema;
    }
}
