using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Capacity.Inventory.Kubernetes;
using Slipway.Kubernetes.Objects;

namespace Slipway.Simulation.Workloads;

/// <summary>Makes pods of templates.</summary>
internal static class PodMaker
{
    /// <summary>A pod.</summary>
    /// <param name="kind">The owner's kind.</param>
    /// <param name="owner">The owner.</param>
    /// <param name="name">The pod's name.</param>
    /// <param name="template">The template.</param>
    /// <param name="labels">Labels beside the template's.</param>
    public static JsonObject Of(Resource<CachedObject> kind, CachedObject owner, string name, JsonElement template, params IEnumerable<(string Key, string Value)> labels)
    {
        var pod = new JsonObject { ["apiVersion"] = "v1", ["kind"] = "Pod" };
        var metadata = template.At("metadata") is { ValueKind: JsonValueKind.Object } given ? JsonNode.Parse(given.GetRawText())!.AsObject() : [];
        metadata.Remove("creationTimestamp");
        (metadata["name"], metadata["namespace"]) = (name, owner.Identity.Key.Namespace);
        if (metadata["labels"] is not JsonObject all) metadata["labels"] = all = [];
        foreach (var (key, value) in labels) all[key] = value;
        metadata["ownerReferences"] = new JsonArray(Reference(kind.ApiVersion, kind.Kind, owner));
        pod["metadata"] = metadata;
        pod["spec"] = JsonNode.Parse(template.At("spec").GetRawText());
        return pod;
    }

    /// <summary>What says that an object belongs to another.</summary>
    public static JsonObject Reference(string version, string kind, CachedObject owner) => new()
    {
        ["apiVersion"] = version,
        ["kind"] = kind,
        ["name"] = owner.Identity.Key.Name,
        ["uid"] = owner.Identity.Uid,
        ["controller"] = true,
        ["blockOwnerDeletion"] = true,
    };

    /// <summary>Ten characters that stand for a template: pods of another one have others.</summary>
    public static string Revision(params IEnumerable<JsonElement> templates) => ShortHash.Of(string.Concat(templates.Select(static t => t.ValueKind is JsonValueKind.Undefined ? "" : t.GetRawText())), 10);

    /// <summary>Sets a variable in all containers of a pod, unless it is there.</summary>
    public static void SetVariable(JsonObject pod, string name, string value)
    {
        foreach (var list in (string[])["initContainers", "containers"])
        {
            foreach (var container in pod["spec"]![list]?.AsArray() ?? [])
            {
                if (container!["env"] is not JsonArray variables) container["env"] = variables = [];
                if (!variables.Any(v => (string?)v!["name"] == name)) variables.Insert(0, new JsonObject { ["name"] = name, ["value"] = value });
            }
        }
    }
}
