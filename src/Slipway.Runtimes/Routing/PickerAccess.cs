using System.Text.Json.Nodes;
using Slipway.Api.ModelDeployments;

namespace Slipway.Runtimes.Routing;

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

    /// <summary>What it may read.</summary>
    public static IReadOnlyList<AccessRule> Grants { get; } =
    [
        new("", ["pods"], AccessRule.Reading),
        new(InferencePool.Kind.Group, [InferencePool.Kind.Plural], AccessRule.Reading),
        new("llm-d.ai", ["inferenceobjectives", "inferencemodelrewrites"], AccessRule.Reading),
    ];

    public static IEnumerable<JsonObject> Render(ModelDeployment deployment)
    {
        var name = EndpointPicker.Name(deployment);
        yield return EndpointPicker.Start(deployment, "rbac.authorization.k8s.io/v1", "Role", ("rules", new JsonArray([.. Grants.Select(g => g.ToJson())])));
        yield return EndpointPicker.Start(
            deployment, "rbac.authorization.k8s.io/v1", "RoleBinding",
            ("subjects", new JsonArray(new JsonObject { ["kind"] = "ServiceAccount", ["name"] = name, ["namespace"] = deployment.Metadata.Namespace })),
            ("roleRef", new JsonObject { ["apiGroup"] = "rbac.authorization.k8s.io", ["kind"] = "Role", ["name"] = name }));
    }
}
