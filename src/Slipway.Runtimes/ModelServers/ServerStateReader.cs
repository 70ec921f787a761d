using System.Globalization;
using Slipway.Api.ModelDeployments;
using Slipway.Runtimes.Gangs;
using Slipway.Runtimes.Pods;

namespace Slipway.Runtimes.ModelServers;

/// <summary>Reads how model servers are, from all that runs them.</summary>
/// <remarks>
/// Replicas are those of all roles together, as the manifest asks for them; the model answers only when every role that is wanted has one.
/// A role with none at all counts as stopped, and the model with it when that role answers the requests.
/// </remarks>
internal static class ServerStateReader
{
    /// <summary>Reads the state.</summary>
    /// <param name="deployment">The effective deployment.</param>
    /// <param name="roles">Its roles; the one that answers requests first.</param>
    /// <param name="observed">What the API has.</param>
    /// <param name="further">What else the runtime finds not as it should be; counts only while the model answers.</param>
    public static RuntimeState Read(ModelDeployment deployment, IReadOnlyList<ServerRole> roles, Observation observed, Degradation? further = null)
    {
        var workloads = roles.Select(r => WorkloadStatus.Read(r, ServerNames.Workload(deployment, r), observed)).ToList();
        var servers = observed.Pods.Where(p => Runs(p, roles)).ToList();
        var gang = GangTrouble.Find(observed, roles.Where(r => r is { SpansNodes: true, Replicas: > 0 }).SelectMany(r => ServerGangs.Names(ServerNames.Workload(deployment, r), r.Replicas!.Value)).ToHashSet(StringComparer.Ordinal));
        var trouble = Grave(PodTrouble.Find(servers, observed), gang);
        var replicas = new ReplicaStatus { Desired = workloads.Sum(w => w.Desired), Ready = workloads.Sum(w => w.Ready), Available = workloads.Sum(w => w.Available) };
        var wanted = workloads.Where(w => w.Desired > 0).ToList();
        var answers = workloads[0].Available > 0;
        var endpoint = answers && observed.Find(ServerKinds.Service.Kind, deployment.Metadata.Name!) is not null
            ? new EndpointStatus { Service = deployment.Metadata.Name, Port = ServerNames.Port }
            : null;

        RuntimeState State(DeploymentPhase phase, string reason, string message) => new(phase, reason, message, replicas, endpoint, Weights: null) { Gang = gang };

        if (workloads[0].Role.Replicas == 0) return State(DeploymentPhase.Pending, "ScaledToZero", $"Stopped on request: {Asked(roles[0])} is 0");
        if (wanted.Find(w => !w.Exists) is { } absent) return State(DeploymentPhase.Deploying, "Creating", $"The {absent.Role.Kind.Kind} for {Title(absent)}the model is being made");
        if (wanted.Find(w => !w.IsCurrent) is { } unseen)
            return State(DeploymentPhase.Deploying, unseen.IsNew ? "Creating" : "Updating", unseen.IsNew ? "The cluster has not begun with the model yet" : "The cluster takes up what has changed");
        if (wanted.TrueForAll(w => w.Available > 0))
        {
            var partly = Partly(wanted, trouble);
            return State(DeploymentPhase.Running, partly is null ? "Serving" : "PartlyServing", Serving(wanted)) with { Degraded = partly ?? further ?? ScalerReader.Read(deployment, observed) };
        }

        // A Deployment's own time runs while a queue holds its pods back.
        if (trouble is { Reason: PodTrouble.Gated } && servers.TrueForAll(p => p.Spec?.NodeName is null)) return State(DeploymentPhase.Pending, trouble.Reason, trouble.Message);
        if (wanted.Find(w => w is { Available: 0, Stuck: not null }) is { } stuck)
        {
            return trouble is null
                ? State(DeploymentPhase.Failed, "ProgressDeadlineExceeded", $"No replica {Of(stuck)}came up in time: {stuck.Refused ?? stuck.Stuck}. See the log of its pods; raise spec.progressDeadlineSeconds if it only needs longer")
                : State(DeploymentPhase.Failed, trouble.Reason, trouble.Message);
        }

        if (wanted.Find(w => w is { Available: 0, Refused: not null }) is { } refused)
            return State(DeploymentPhase.Deploying, "PodsNotCreated", $"The cluster does not let pods {Of(refused)}be made: {refused.Refused}");
        if (trouble is { KeepsFromNodes: true } && servers.TrueForAll(p => p.Spec?.NodeName is null)) return State(DeploymentPhase.Pending, trouble.Reason, trouble.Message);
        return trouble is not null
            ? State(DeploymentPhase.Deploying, trouble.Reason, trouble.Message)
            : State(DeploymentPhase.Deploying, "Starting", Starting(wanted));
    }

    // What keeps a gang from its start, unless a pod has come so far as to fail; and that a pod that waits is alone with it.
    private static PodTrouble? Grave(PodTrouble? trouble, GangState? gang) => gang switch
    {
        null => trouble,
        { Together: true } => trouble is { Reason: "Unschedulable" } ? trouble with { Message = $"{trouble.Message}. {gang.Message}" } : trouble,
        _ => trouble is { Lasting: true } or { Reason: ClaimTrouble.Reason } ? trouble : new PodTrouble(gang.Reason, gang.Message, false),
    };

    private static bool Runs(ModelPod pod, IReadOnlyList<ServerRole> roles) =>
        pod.Metadata.Labels?.TryGetValue(ServerNames.ComponentLabel, out var component) != true || roles.Any(r => r.Component == component);

    private static Degradation? Partly(List<WorkloadStatus> wanted, PodTrouble? trouble)
    {
        if (wanted.Find(w => w.Available < w.Desired) is not { } few) return null;
        var count = $"{Number(few.Available)} of {Number(few.Desired)} replicas {Of(few)}answer";
        var why = trouble?.Message ?? few.Stuck ?? few.Refused ?? (few.Updated < few.Desired ? "the others are being replaced" : "the others are starting");
        return new Degradation(trouble?.Reason ?? (few.Stuck is not null ? "ProgressDeadlineExceeded" : few.Updated < few.Desired ? "Updating" : "TooFewReplicas"), $"{count}: {why}");
    }

    private static string Serving(List<WorkloadStatus> wanted) => wanted is [{ Available: 1, Desired: 1 }]
        ? "The model answers"
        : $"The model answers: {string.Join(", ", wanted.Select(w => $"{Number(w.Available)} of {Number(w.Desired)} {Kind(w)}"))}";

    private static string Starting(List<WorkloadStatus> wanted)
    {
        var few = wanted.First(w => w.Available == 0);
        return few.Ready == 0
            ? $"No {(few.Role.Title.Length == 0 ? "" : few.Role.Title + " ")}replica answers yet: the engine loads the model, which can take many minutes for a large one"
            : $"{Number(few.Ready)} of {Number(few.Desired)} {Kind(few)} answer, but not yet for long enough to count on";
    }

    private static string Kind(WorkloadStatus workload) =>
        (workload.Role.Title.Length == 0 ? "" : workload.Role.Title + " ") + (workload.Desired == 1 ? "replica" : "replicas");

    private static string Of(WorkloadStatus workload) => workload.Role.Title.Length == 0 ? "" : $"for {workload.Role.Title} ";

    private static string Title(WorkloadStatus workload) => workload.Role.Title.Length == 0 ? "" : $"{workload.Role.Title} of ";

    private static string Asked(ServerRole role) => role.Title.Length == 0 ? "spec.scaling.replicas" : $"spec.scaling.{role.Title}.replicas";

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
