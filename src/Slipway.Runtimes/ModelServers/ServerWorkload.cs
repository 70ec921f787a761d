using System.Globalization;
using System.Text.Json.Nodes;
using Slipway.Api.ModelDeployments;
using Slipway.Runtimes.Objects;
using Slipway.Runtimes.Queues;

namespace Slipway.Runtimes.ModelServers;

/// <summary>What runs the pods of a role: a Deployment, or a LeaderWorkerSet where a replica spans nodes.</summary>
internal static class ServerWorkload
{
    /// <summary>Where `provider.overrides` may reach in a Deployment.</summary>
    public static IReadOnlyList<string> DeploymentOverrides { get; } =
    [
        "spec.strategy", "spec.minReadySeconds", "spec.revisionHistoryLimit", "spec.template.spec.schedulerName",
        "spec.template.spec.terminationGracePeriodSeconds", .. s_queue,
    ];

    /// <summary>Where `provider.overrides` may reach in a LeaderWorkerSet.</summary>
    public static IReadOnlyList<string> LeaderWorkerSetOverrides { get; } =
    [
        "spec.rolloutStrategy", "spec.startupPolicy", "spec.leaderWorkerTemplate.restartPolicy",
        "metadata.annotations.leaderworkerset.sigs.k8s.io/exclusive-topology", .. s_queue,
    ];

    // Kueue's, which takes these kinds into its queues by label.
    private static string[] s_queue => [$"metadata.labels.{KueueQueue.Label}", "metadata.labels.kueue.x-k8s.io/priority-class"];

    /// <summary>Renders it.</summary>
    public static JsonObject Render(ModelDeployment deployment, ServerRole role, ClusterApis apis)
    {
        var start = Rendered.Start(deployment, role.Kind.ApiVersion(apis), role.Kind.Kind, ServerNames.WorkloadSuffix(deployment, role));
        foreach (var (key, value) in role.Labels) start["metadata"]!["labels"]![key] = value;
        KueueQueue.Join(deployment, start);
        return role.SpansNodes ? Group(deployment, role, start) : Plain(deployment, role, start);
    }

    private static JsonObject Plain(ModelDeployment deployment, ServerRole role, JsonObject start)
    {
        var spec = new JsonObject();
        if (role.Replicas is { } replicas) spec["replicas"] = replicas;
        spec["selector"] = new JsonObject { ["matchLabels"] = Labels(ServerNames.Selector(deployment, role.Component)) };
        // Clusters seldom have accelerators to spare: a pod beyond the number asked for would wait for one, and the update with it, for
        // ever. So the old pod goes first. Who has some to spare overrides this, or changes the model by a rollout.
        spec["strategy"] = new JsonObject
        {
            ["type"] = "RollingUpdate",
            ["rollingUpdate"] = new JsonObject { ["maxSurge"] = 0, ["maxUnavailable"] = 1 },
        };
        // Kubernetes' own ten minutes pass before a large model is loaded.
        spec["progressDeadlineSeconds"] = (int)StartupBudget.Progress(deployment, role.Accelerators).TotalSeconds;
        spec["template"] = ServerPod.Template(deployment, role);
        start["spec"] = spec;
        return start;
    }

    private static JsonObject Group(ModelDeployment deployment, ServerRole role, JsonObject start)
    {
        // A group of another size is another group: its parts would not find each other half way.
        Rendered.Identify(start, role.Nodes.ToString(CultureInfo.InvariantCulture));
        var spec = new JsonObject();
        if (role.Replicas is { } replicas) spec["replicas"] = replicas;
        spec["startupPolicy"] = "LeaderCreated";
        spec["rolloutStrategy"] = new JsonObject
        {
            ["type"] = "RollingUpdate",
            ["rollingUpdateConfiguration"] = new JsonObject { ["maxSurge"] = 0, ["maxUnavailable"] = 1 },
        };
        spec["leaderWorkerTemplate"] = new JsonObject
        {
            ["size"] = role.Nodes,
            // One process that ends leaves the others waiting for it. Not before all have started, or slow image pulls on one node would
            // restart the others again and again (lws#726).
            ["restartPolicy"] = "RecreateGroupAfterStart",
            ["leaderTemplate"] = ServerPod.Template(deployment, role),
            ["workerTemplate"] = ServerPod.Template(deployment, role, leader: false),
        };
        start["spec"] = spec;
        return start;
    }

    /// <summary>Merges `provider.overrides` into the main workload.</summary>
    public static void Override(ModelDeployment deployment, JsonObject workload)
    {
        Overrides.Apply(deployment, workload);
        // Parameters of the strategy that was overridden: Kubernetes refuses them beside another one.
        if (workload["spec"]?["strategy"] is JsonObject strategy && Overrides.Text(strategy, "type") != "RollingUpdate") strategy.Remove("rollingUpdate");
    }

    /// <summary>Labels as an object.</summary>
    public static JsonObject Labels(IEnumerable<(string Key, string Value)> labels) =>
        new(labels.Select(l => KeyValuePair.Create(l.Key, (JsonNode?)l.Value)));
}
