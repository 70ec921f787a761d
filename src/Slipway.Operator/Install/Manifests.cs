using System.Text.Json.Nodes;
using Slipway.Api.Crds;
using Slipway.Operator.Rollouts;
using Slipway.Operator.Rollouts.Decisions;
using Slipway.Runtimes;

namespace Slipway.Operator.Install;

/// <summary>The objects that make a Slipway in a cluster. Pure.</summary>
public static class Manifests
{
    internal const string Name = "slipway-operator";
    internal const int Port = 8081;

    /// <summary>The objects in the order in which they must come.</summary>
    /// <param name="options">What is wanted.</param>
    /// <returns>New objects.</returns>
    public static IEnumerable<JsonObject> All(InstallOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        yield return Namespace(options);
        foreach (var definition in Definitions()) yield return definition;
        foreach (var access in Access(options)) yield return access;
        foreach (var part in Rollouts(options)) yield return part;
        foreach (var runtime in options.Runtimes)
        {
            foreach (var access in Access(options, runtime.Descriptor)) yield return access;
        }

        if (options.Webhook)
        {
            foreach (var part in Webhook(options)) yield return part;
        }

        yield return OperatorWorkload.Deployment(options);
        yield return OperatorWorkload.Service(options);
        yield return OperatorWorkload.DisruptionBudget(options);
        yield return OperatorWorkload.NetworkPolicy(options);
        if (options.WebHosts.Count > 0)
        {
            foreach (var part in PageManifests.All(options)) yield return part;
        }

        if (options.DeviceMonitor is not null)
        {
            foreach (var part in DeviceMonitorManifests.All(options)) yield return part;
        }

        if (!options.Monitoring) yield break;
        yield return OperatorWorkload.ServiceMonitor(options);
        yield return OperatorWorkload.Dashboard(options);
    }

    // Of no use in a cluster: one machine's engines, and keys of Slipway's own gateway, which is on one machine. A kind that nobody acts upon would take manifests in and do nothing.
    private static readonly string[] s_notInClusters = [$"{Kinds.LocalEngines.Plural}.{Kinds.LocalEngines.Group}", $"{Kinds.ApiKeys.Plural}.{Kinds.ApiKeys.Group}"];

    /// <summary>The kinds that there are in a cluster.</summary>
    internal static IEnumerable<JsonObject> Definitions() => CustomResources.Names.Where(static n => !s_notInClusters.Contains(n))
        .Select(n => JsonNode.Parse(CustomResources.Read(n))!.AsObject());

    /// <summary>The namespace, whose pods must be harmless.</summary>
    internal static JsonObject Namespace(InstallOptions options) => new()
    {
        ["apiVersion"] = "v1",
        ["kind"] = "Namespace",
        ["metadata"] = new JsonObject
        {
            ["name"] = options.Namespace,
            ["labels"] = new JsonObject { ["pod-security.kubernetes.io/enforce"] = "restricted" },
        },
    };

    /// <summary>Who the operator is, and its rights whatever the runtimes.</summary>
    internal static IEnumerable<JsonObject> Access(InstallOptions options)
    {
        yield return Start(options, "v1", "ServiceAccount", Name);
        yield return Role("ClusterRole", null, Name, OperatorAccess.Core);
        yield return Binding("ClusterRoleBinding", null, "ClusterRole", Name, options);
        yield return Role("Role", options.Namespace, Name, OperatorAccess.Own);
        yield return Binding("RoleBinding", options.Namespace, "Role", Name, options);
    }

    /// <summary>What rollouts need, and what keeps models from being changed otherwise where that is demanded.</summary>
    internal static IEnumerable<JsonObject> Rollouts(InstallOptions options)
    {
        const string Rolling = "slipway-rollouts";
        yield return Role("ClusterRole", null, Rolling, OperatorAccess.Rollouts);
        yield return Binding("ClusterRoleBinding", null, "ClusterRole", Rolling, options);
        yield return Role("Role", options.Namespace, Rolling, OperatorAccess.RolloutsOwn);
        yield return Binding("RoleBinding", options.Namespace, "Role", Rolling, options);
        // Empty: a right to make Secrets cannot be given for one name only.
        var key = Start(options, "v1", "Secret", DecisionSecret.Name);
        key["type"] = "Opaque";
        yield return key;
        foreach (var part in ChangePolicy.Objects()) yield return part;
    }

    /// <summary>What the webhook needs.</summary>
    internal static IEnumerable<JsonObject> Webhook(InstallOptions options)
    {
        const string Hook = "slipway-webhook";
        yield return Role("ClusterRole", null, Hook, OperatorAccess.Webhook);
        yield return Binding("ClusterRoleBinding", null, "ClusterRole", Hook, options);
        yield return Role("Role", options.Namespace, Hook, OperatorAccess.WebhookOwn);
        yield return Binding("RoleBinding", options.Namespace, "Role", Hook, options);
        yield return WebhookManifests.Secret(options);
        yield return WebhookManifests.Hook(options);
    }

    /// <summary>Its rights for one runtime.</summary>
    internal static IEnumerable<JsonObject> Access(InstallOptions options, RuntimeDescriptor runtime)
    {
        var name = $"slipway-runtime-{runtime.Name}";
        yield return Role("ClusterRole", null, name, OperatorAccess.Of(runtime));
        yield return Binding("ClusterRoleBinding", null, "ClusterRole", name, options);
    }

    /// <summary>An object of the operator's namespace with its labels.</summary>
    internal static JsonObject Start(InstallOptions options, string apiVersion, string kind, string name) => Start(apiVersion, kind, options.Namespace, name);

    internal static JsonObject Labels() => new() { ["app.kubernetes.io/name"] = "slipway", ["app.kubernetes.io/component"] = "operator" };

    private static JsonObject Start(string apiVersion, string kind, string? ns, string name)
    {
        var metadata = new JsonObject { ["name"] = name };
        if (ns is not null) metadata["namespace"] = ns;
        metadata["labels"] = Labels();
        return new JsonObject { ["apiVersion"] = apiVersion, ["kind"] = kind, ["metadata"] = metadata };
    }

    private static JsonObject Role(string kind, string? ns, string name, IReadOnlyList<AccessRule> rules)
    {
        var role = Start("rbac.authorization.k8s.io/v1", kind, ns, name);
        role["rules"] = new JsonArray([.. rules.Select(r => r.ToJson())]);
        return role;
    }

    private static JsonObject Binding(string kind, string? ns, string roleKind, string name, InstallOptions options)
    {
        var binding = Start("rbac.authorization.k8s.io/v1", kind, ns, name);
        binding["roleRef"] = new JsonObject { ["apiGroup"] = "rbac.authorization.k8s.io", ["kind"] = roleKind, ["name"] = name };
        binding["subjects"] = new JsonArray(new JsonObject { ["kind"] = "ServiceAccount", ["name"] = Name, ["namespace"] = options.Namespace });
        return binding;
    }
}
