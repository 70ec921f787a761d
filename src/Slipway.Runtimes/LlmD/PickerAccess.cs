using System.Text.Json.Nodes;
using Slipway.Api.ModelDeployments;

namespace Slipway.Runtimes.LlmD;

/// <summary>What the endpoint picker may read, in its own namespace: pods, its pool, and how requests are to be treated.</summary>
/// <remarks>Who creates the role must have these rights itself, by Kubernetes' rule against escalation.</remarks>
internal static class PickerAccess
{
    /// <summary>The kinds.</summary>
    public static IReadOnlyList<RuntimeObject> Kinds { get; } =
    [
        ModelServers.ServerKinds.BuiltIn("rbac.authorization.k8s.io", "v1", "Role", "roles"),
        ModelServers.ServerKinds.BuiltIn("rbac.authorization.k8s.io", "v1", "RoleBinding", "rolebindings"),
    ];

    public static IEnumerable<JsonObject> Render(ModelDeployment deployment)
    {
        var name = EndpointPicker.Name(deployment);
        yield return EndpointPicker.Start(deployment, "rbac.authorization.k8s.io/v1", "Role", ("rules", new JsonArray(
            Read("", "pods"),
            Read(InferencePool.Kind.Group, InferencePool.Kind.Plural),
            Read("llm-d.ai", "inferenceobjectives", "inferencemodelrewrites"))));
        yield return EndpointPicker.Start(
            deployment, "rbac.authorization.k8s.io/v1", "RoleBinding",
            ("subjects", new JsonArray(new JsonObject { ["kind"] = "ServiceAccount", ["name"] = name, ["namespace"] = deployment.Metadata.Namespace })),
            ("roleRef", new JsonObject { ["apiGroup"] = "rbac.authorization.k8s.io", ["kind"] = "Role", ["name"] = name }));
    }

    private static JsonObject Read(string group, params string[] resources) => new()
    {
        ["apiGroups"] = new JsonArray(group),
        ["resources"] = new JsonArray([.. resources.Select(r => (JsonNode)r)]),
        ["verbs"] = new JsonArray("get", "list", "watch"),
    };
}
