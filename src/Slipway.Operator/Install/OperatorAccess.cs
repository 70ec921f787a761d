using Slipway.Operator.Keeping;
using Slipway.Operator.Rollouts.Decisions;
using Slipway.Operator.Waits;
using Slipway.Runtimes;
using Slipway.Runtimes.Storage;

namespace Slipway.Operator.Install;

/// <summary>The rights that the controllers need in a cluster, and no others: no Secret is read but one of its own, no workload of anybody else is touched.</summary>
public static class OperatorAccess
{
    private static readonly string[] s_watch = ["list", "watch"];

    /// <summary>Everywhere, whatever the runtimes.</summary>
    public static IReadOnlyList<AccessRule> Core { get; } =
    [
        // Finalizers are patched on the object itself.
        new("airunway.ai", ["modeldeployments"], [.. s_watch, "patch"]),
        new("airunway.ai", ["modeldeployments/status"], ["patch"]),
        // Not a request of its own: where OwnerReferencesPermissionEnforcement is on, owning an object that blocks its owner's deletion takes it.
        new("airunway.ai", ["modeldeployments/finalizers"], ["update"]),
        new("airunway.ai", ["inferenceproviderconfigs"], [.. s_watch, "create", "patch"]),
        new("airunway.ai", ["inferenceproviderconfigs/status"], ["patch"]),
        new("apiextensions.k8s.io", ["customresourcedefinitions"], s_watch),
        // Listed where pods wait for what only an event tells of: a claim that cannot be made, pods that may not be.
        new("", ["events"], ["get", "list", "create", "patch"]),
        // Gateways are the platform team's; a deployment's route is its own.
        new("gateway.networking.k8s.io", ["gateways"], s_watch),
        new("gateway.networking.k8s.io", ["httproutes"], [.. AccessRule.Reading, "create", "patch", "delete"]),
        // How much memory the accelerators have, when a model is sized.
        new("", ["nodes"], ["list"]),
        new("resource.k8s.io", ["deviceclasses", "resourceslices"], ["list"]),
        // Why pods wait: a quota of their namespace, their queue, and whether anything makes nodes.
        new("", ["resourcequotas"], ["list"]),
        new("kueue.x-k8s.io", ["localqueues", "workloads"], ["list"]),
        new("karpenter.sh", ["nodepools"], ["list"]),
        new("", ["configmaps"], ["get"]) { Names = [NodeMakerReader.Status.Name] },
    ];

    /// <summary>Everywhere, for rollouts: what they say, and the candidates that they make and remove. A candidate has no rights that its ModelDeployment would not have.</summary>
    public static IReadOnlyList<AccessRule> Rollouts { get; } =
    [
        new("slipway.dev", ["evaluationsuites", "qualitygates"], s_watch),
        new("slipway.dev", ["evaluationschedules"], AccessRule.Reading),
        new("slipway.dev", ["modelrollouts"], [.. AccessRule.Reading, "patch"]),
        // A suite may have its prompts in one.
        new("", ["configmaps"], ["get"]),
        // Records are made, and never changed.
        new("slipway.dev", ["rolloutrecords"], ["get", "create"]),
        new("slipway.dev", ["rolloutevidences"], ["get", "create", "update"]),
        new("slipway.dev", ["evaluationschedules/status", "evaluationsuites/status", "modelrollouts/status"], ["patch"]),
        new("airunway.ai", ["modeldeployments"], ["create", "delete"]),
        // Which devices are free, before a candidate is made.
        new("resource.k8s.io", ["resourceclaims"], ["list"]),
    ];

    /// <summary>In the operator's own namespace: who works, what was learned about speed, and what was spent.</summary>
    public static IReadOnlyList<AccessRule> Own { get; } =
    [
        new("coordination.k8s.io", ["leases"], ["get", "create", "update"]),
        // What is yet to be made has no name that a rule could state.
        new("", ["configmaps"], ["create"]),
        new("", ["configmaps"], ["get", "patch"]) { Names = [OperatorNamespace.Speed, OperatorNamespace.Costs] },
    ];

    /// <summary>For rollouts, in the operator's own namespace: the Secret of the key that signs decisions, which the manifests make, and no other; and its public part.</summary>
    public static IReadOnlyList<AccessRule> RolloutsOwn { get; } =
    [
        new("", ["secrets"], ["get", "patch"]) { Names = [DecisionSecret.Name] },
        new("", ["configmaps"], ["get", "patch"]) { Names = [DecisionSecret.Name] },
    ];

    /// <summary>For the webhook, everywhere: that API servers know its certificate.</summary>
    public static IReadOnlyList<AccessRule> Webhook { get; } =
        [new("admissionregistration.k8s.io", ["validatingwebhookconfigurations"], ["get", "patch"]) { Names = [WebhookManifests.Configuration.Name] }];

    /// <summary>For the webhook, in the operator's own namespace: its certificate's Secret, which the manifests make, and no other.</summary>
    public static IReadOnlyList<AccessRule> WebhookOwn { get; } = [new("", ["secrets"], ["get", "patch"]) { Names = [WebhookManifests.SecretName] }];

    /// <summary>Everywhere, for one runtime: the kinds that it renders, its pods to read, and what it hands on.</summary>
    /// <param name="runtime">The runtime.</param>
    /// <returns>The rules, one for each API group and set of verbs.</returns>
    public static IReadOnlyList<AccessRule> Of(RuntimeDescriptor runtime)
    {
        ArgumentNullException.ThrowIfNull(runtime);
        var made = runtime.Others.Prepend(runtime.Object).GroupBy(k => k.Group, StringComparer.Ordinal)
            .Select(g => new AccessRule(g.Key, [.. g.Select(k => k.Plural).Order(StringComparer.Ordinal)], [.. AccessRule.Reading, "create", "patch", "delete"]));
        IEnumerable<AccessRule> pods = runtime.PodLabels.Count == 0 ? [] : [new("", ["pods"], s_watch)];
        IEnumerable<AccessRule> storage = !runtime.MountsVolumes ? [] :
        [
            // Claims are never deleted: what is on them is the user's.
            new(StorageKinds.Claim.Group, [StorageKinds.Claim.Plural], [.. AccessRule.Reading, "create", "patch"]),
            new(StorageKinds.Job.Group, [StorageKinds.Job.Plural], [.. AccessRule.Reading, "create", "patch", "delete"]),
        ];
        // What is handed on covers the reading of pods where both are there.
        return [.. made, .. storage, .. pods.Where(p => !runtime.Grants.Any(g => g.Group == p.Group && p.Resources.All(g.Resources.Contains))), .. runtime.Grants];
    }
}
