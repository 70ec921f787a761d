using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace Slipway.Api.Schemas;

/// <summary>Makes CustomResourceDefinitions from records: shapes from their JSON contracts, words from their docstrings.</summary>
/// <param name="docs">The docstrings of the assembly that holds the records.</param>
public sealed class CrdGenerator(XmlDocs docs)
{
    /// <summary>Makes the CustomResourceDefinition of a kind.</summary>
    /// <param name="contract">The kind's JSON contract; its type carries a <see cref="CustomResourceAttribute"/>.</param>
    /// <returns>The definition, as the API takes it.</returns>
    /// <exception cref="ArgumentException">The type is not declared as a custom resource.</exception>
    public JsonObject Generate(JsonTypeInfo contract)
    {
        ArgumentNullException.ThrowIfNull(contract);
        var resource = contract.Type.GetCustomAttribute<CustomResourceAttribute>()
            ?? throw new ArgumentException($"{contract.Type} has no [CustomResource].", nameof(contract));

        var names = new JsonObject
        {
            ["plural"] = resource.Plural,
            ["singular"] = resource.Singular,
            ["kind"] = resource.Kind,
            ["listKind"] = resource.Kind + "List",
        };
        if (resource.ShortNames.Length > 0) names["shortNames"] = new JsonArray([.. resource.ShortNames.Select(n => (JsonNode)n)]);

        return new JsonObject
        {
            ["apiVersion"] = "apiextensions.k8s.io/v1",
            ["kind"] = "CustomResourceDefinition",
            ["metadata"] = new JsonObject { ["name"] = $"{resource.Plural}.{resource.Group}" },
            ["spec"] = new JsonObject
            {
                ["group"] = resource.Group,
                ["names"] = names,
                ["scope"] = resource.ClusterScoped ? "Cluster" : "Namespaced",
                ["versions"] = new JsonArray(Version(contract, resource)),
            },
        };
    }

    private JsonObject Version(JsonTypeInfo contract, CustomResourceAttribute resource)
    {
        var subresources = new JsonObject { ["status"] = new JsonObject() };
        if (resource.SpecReplicasPath is { } path)
        {
            subresources["scale"] = new JsonObject
            {
                ["specReplicasPath"] = path,
                ["statusReplicasPath"] = resource.StatusReplicasPath,
            };
        }

        return new JsonObject
        {
            ["name"] = resource.Version,
            ["served"] = true,
            ["storage"] = true,
            ["additionalPrinterColumns"] = new JsonArray([.. contract.Type.GetCustomAttributes<PrinterColumnAttribute>().Select(Column)]),
            ["subresources"] = subresources,
            ["schema"] = new JsonObject { ["openAPIV3Schema"] = new SchemaWriter(docs).Root(contract) },
        };
    }

    private static JsonObject Column(PrinterColumnAttribute column)
    {
        var json = new JsonObject { ["name"] = column.Name, ["type"] = column.Type, ["jsonPath"] = column.JsonPath };
        if (column.Description is not null) json["description"] = column.Description;
        if (column.Priority != 0) json["priority"] = column.Priority;
        return json;
    }
}
