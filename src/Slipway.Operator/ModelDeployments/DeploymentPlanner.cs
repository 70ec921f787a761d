using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Slipway.Api.Meta;
using Slipway.Api.ModelDeployments;
using Slipway.Api.Providers;
using Slipway.Operator.Admission;
using Slipway.Operator.Gateways;
using Slipway.Operator.Selection;
using Slipway.Operator.Sizing;
using Slipway.Runtimes;
using Slipway.Runtimes.Pods;
using Slipway.Runtimes.Routing;

namespace Slipway.Operator.ModelDeployments;

/// <summary>Decides, from what is declared and what is, what to change and what to say. Pure.</summary>
/// <param name="runtimes">The runtimes that this process drives.</param>
/// <param name="gateway">The gateway's address, once there is one.</param>
/// <param name="ceilings">How much one deployment may ask for.</param>
public sealed class DeploymentPlanner(IReadOnlyList<IRuntime> runtimes, Uri? gateway, Ceilings? ceilings = null)
{
    private const string NoClaims =
        "FieldNotSupported: the cluster serves no resource.k8s.io/v1, by which devices are claimed (Kubernetes 1.34 or later): upgrade it, or ask for a number alone with spec.resources.accelerators.count or spec.resources.gpu";

    private const string ClaimTemplate = "ResourceClaimTemplate";

    private static readonly TimeSpan s_givenRoute = TimeSpan.FromMinutes(1);

    // As often as a server is asked for its version; its feature gates are tried less often (CapabilityProbe).
    private static readonly TimeSpan s_forGangs = TimeSpan.FromMinutes(1);

    /// <summary>Finds the runtime of a name, if this process drives it.</summary>
    /// <param name="name">The name.</param>
    /// <returns>The runtime; another controller drives the others.</returns>
    public IRuntime? Runtime(string? name) => runtimes.FirstOrDefault(r => r.Descriptor.Name == name);

    /// <summary>Decides.</summary>
    /// <param name="deployment">The deployment.</param>
    /// <param name="input">What else the decision rests on.</param>
    /// <returns>The plan.</returns>
    public DeploymentPlan Plan(ModelDeployment deployment, PlanInput input)
    {
        ArgumentNullException.ThrowIfNull(deployment);
        ArgumentNullException.ThrowIfNull(input);
        var conditions = new ConditionSet(deployment.Status?.Conditions, deployment.Metadata.Generation, input.Now);
        var status = (deployment.Status ?? new ModelDeploymentStatus()) with { ObservedGeneration = deployment.Metadata.Generation };

        DeploymentPlan Stop(DeploymentPhase phase, string reason, string message)
        {
            conditions.False(ConditionTypes.Ready, reason, message);
            return new DeploymentPlan(status with { Phase = phase, Message = message, Conditions = conditions.Conditions }, []);
        }

        IReadOnlyList<FieldError> errors = [.. ModelDeploymentValidator.Validate(deployment), .. ceilings?.Check(deployment) ?? []];
        if (errors.Count > 0)
        {
            var message = string.Join("; ", errors);
            conditions.False(ConditionTypes.Validated, "Invalid", message);
            return Stop(DeploymentPhase.Failed, "Invalid", message);
        }

        conditions.True(ConditionTypes.Validated, "Valid", "The manifest makes sense");

        var choice = Selector.Choose(deployment, input.Providers, input.Now, (name, engine) => Refusal(deployment, name, engine, input.SizedGpus), input.SizedGpus);
        State(conditions, ConditionTypes.EngineSelected, choice.Engine is not null, choice.EngineReason);
        State(conditions, ConditionTypes.ProviderSelected, choice.Provider is not null, choice.ProviderReason);
        if (choice is not { Engine: { } engine, Provider: { } provider })
        {
            if (choice.Candidates is { } looked) status = status with { Provider = (status.Provider ?? new()) with { Candidates = looked } };
            return Stop(DeploymentPhase.Pending, "NothingCanRunIt", choice.Engine is null ? choice.EngineReason : choice.ProviderReason);
        }

        status = status with
        {
            Engine = new EngineStatus { Type = engine, SelectedReason = choice.EngineReason },
            Provider = (status.Provider ?? new ProviderStatus()) with
            {
                Name = provider,
                SelectedReason = choice.ProviderReason,
                Candidates = choice.Candidates ?? status.Provider?.Candidates,
            },
        };
        // A runtime of somebody else's: its own controller takes over from here, and writes the rest of the status.
        if (Runtime(provider) is not { } runtime)
        {
            (status, var theirs) = Route(deployment, status.Phase is DeploymentPhase.Running, status.Endpoint, input, status, conditions);
            return new DeploymentPlan(status with { Conditions = conditions.Conditions }, []) { Routes = theirs };
        }

        var effective = Effective(deployment, runtime, engine, input.SizedGpus);
        if (input.Replicas is { } given) effective = effective with { Spec = effective.Spec with { Scaling = (effective.Spec.Scaling ?? new ScalingSpec()) with { Replicas = given.Replicas } } };
        // Once more, with the accelerators that were counted for it.
        if (ceilings?.Check(effective).FirstOrDefault() is { } over)
        {
            conditions.False(ConditionTypes.Validated, "Invalid", over.ToString());
            return Stop(DeploymentPhase.Failed, "Invalid", over.ToString());
        }

        var unsupported = Unsupported(deployment, effective, runtime);
        if (unsupported.Count > 0) conditions.False(ConditionTypes.ProviderCompatible, "FieldNotSupported", string.Join("; ", unsupported.Select(f => Describe(f, deployment, runtime, engine))));
        else conditions.True(ConditionTypes.ProviderCompatible, "Compatible", $"{runtime.Descriptor.DisplayName} honours every field");
        if (unsupported.Any(f => f.Blocking))
            return Stop(DeploymentPhase.Failed, "FieldNotSupported", string.Join("; ", unsupported.Where(f => f.Blocking).Select(f => Describe(f, deployment, runtime, engine))));

        // Only where the number came into it: another engine may take none, and a manifest may state it.
        if (input.Sizing is not { } sizing || !GivesGpus(runtime, engine) || engine is EngineType.LlamaCpp) conditions.Remove(ConditionTypes.Sized);
        else
        {
            conditions.Set(ConditionTypes.Sized, sizing.Gpus > 0 ? ConditionStatus.True : ConditionStatus.False, sizing.Verdict.ToString(), sizing.Message);
            if (sizing.Gpus == 0) return Stop(sizing.Verdict is SizingVerdict.DoesNotFit ? DeploymentPhase.Failed : DeploymentPhase.Pending, sizing.Verdict.ToString(), sizing.Message);
            if (SizingRecord.Read(deployment) != sizing) return new DeploymentPlan(status with { Conditions = conditions.Conditions }, []) { Record = sizing };
        }

        if (input.Apis.Version(runtime.Descriptor.Object) is null)
            return Stop(DeploymentPhase.Pending, "UpstreamMissing", $"The cluster no longer serves {runtime.Descriptor.Object.Kind}: install {runtime.Descriptor.DisplayName} again, or delete the deployment");
        var apis = input.Apis with { Gangs = GangPlanner.Of(input, effective) };
        var gang = runtime.Gang(effective, apis);
        GangPlanner.Say(gang, conditions);
        var rendered = runtime.Render(effective, apis);
        if (gang?.Waits is { } waits && !input.Objects.ContainsKey(Id(rendered[0]))) return Stop(DeploymentPhase.Pending, GangPlanner.Waits, waits) with { LookAgain = s_forGangs };
        GangPlanner.Settle(rendered, input.Objects);
        var storage = StoragePlanner.Of(effective, runtime.Descriptor, rendered, input);
        if (storage?.Job is { } job) rendered = [.. rendered, job];
        if (rendered.FirstOrDefault(o => !IsServed(runtime, (string)o["kind"]!, input.Apis)) is { } lacking)
            return Stop(DeploymentPhase.Pending, "UpstreamMissing", (string?)lacking["kind"] == "ResourceClaimTemplate" ? NoClaims : $"The cluster does not serve {lacking["kind"]}, which {runtime.Descriptor.DisplayName} needs for this deployment: install it, or ask for less (spec.resources.nodes)");
        foreach (var value in rendered.Concat(storage?.Changes.OfType<ApplyObject>().Select(c => c.Object) ?? [])) value["metadata"]!["ownerReferences"] = new JsonArray(OwnerReference(deployment));

        var foreign = rendered.Select(Id)
            .FirstOrDefault(id => input.Objects.TryGetValue(id, out var there) && !there.IsOwnedBy(deployment.Metadata.Uid));
        if (foreign.Kind is not null)
        {
            var message = Conflict(foreign.Kind, foreign.Name);
            conditions.False(ConditionTypes.ResourceCreated, "ResourceConflict", message);
            return Stop(DeploymentPhase.Failed, "ResourceConflict", message);
        }

        var main = Id(rendered[0]);
        status = status with { Provider = status.Provider! with { ResourceKind = main.Kind, ResourceName = main.Name } };
        IReadOnlyList<ObjectChange> changes = gang?.Waits is not null ? [] : [.. ObjectDiff.Changes(rendered, input.Objects, deployment.Metadata.Uid!).Where(static c => !GangPlanner.IsToWhatStays(c)).OrderByDescending(PodsNeed)];
        var plan = Observe(deployment, effective, runtime, main, changes, storage, input, status, conditions, gang?.Waits) with { Rendered = rendered };
        return gang?.Waits is not null && (plan.LookAgain is null || plan.LookAgain > s_forGangs) ? plan with { LookAgain = s_forGangs } : plan;
    }

    /// <summary>What is said of an object of the name that belongs to something else.</summary>
    internal static string Conflict(string kind, string name) => $"{kind} {name} exists and belongs to something else: delete it or choose another name";

    private DeploymentPlan Observe(
        ModelDeployment deployment, ModelDeployment effective, IRuntime runtime, ObjectId main, IReadOnlyList<ObjectChange> changes, StoragePlan? storage, PlanInput input,
        ModelDeploymentStatus status, ConditionSet conditions, string? gangs)
    {
        var hold = storage?.Hold(effective);
        changes = storage?.Allowed(changes, hold is not null) ?? changes;
        var replacing = changes.Any(c => c is DeleteObject && c.Kind == main.Kind && c.Name == main.Name);
        var state = !input.Objects.TryGetValue(main, out var there) ? hold ?? Begun("Deploying", "Just begun")
            : there.IsDeleting || replacing ? Begun("Replacing", $"{main.Kind} {main.Name} cannot be changed to what is wanted now, so it is made anew")
            : runtime.Read(effective, input.Observation);
        if (input.Replicas is { } given) state = state with { Message = $"{state.Message}; {given.Replicas} of the {given.Declared} replicas that it declares, while ModelRollout {given.Rollout} has the place of the others" };
        if (state.Gang is { } gang) GangPlanner.Say(gang, conditions);
        if (gangs is not null) state = state with { Degraded = new Degradation(GangPlanner.Waits, $"It runs as before, and changes wait: {gangs}") };
        // Pods of the revision before look their claims' template and their gang up when they are replaced: those go when none of them is left.
        if (state.Phase is not DeploymentPhase.Running || changes.Any(c => c is ApplyObject)) changes = [.. changes.Where(static c => c is not DeleteObject { Kind: ClaimTemplate or GangPlanner.PodGroup or GangPlanner.Workload })];
        if (there is null && hold is not null) conditions.False(ConditionTypes.ResourceCreated, hold.Reason, $"{main.Kind} {main.Name} waits: {hold.Message}");
        else conditions.True(ConditionTypes.ResourceCreated, "Created", $"{main.Kind} {main.Name} is applied");
        if (there is not null && hold is not null) state = state with { Degraded = state.Degraded ?? new Degradation(hold.Reason, $"It runs as before, and changes wait: {hold.Message}") };

        // How long a download takes is up to the line and to the size, and how long a queue to those before, so that only the user can say what is too long.
        var waits = there is null && hold is { Phase: DeploymentPhase.Deploying } && deployment.Spec.ProgressDeadlineSeconds is null;
        waits |= state.Reason is PodTrouble.Gated && deployment.Spec.ProgressDeadlineSeconds is null;
        var deadline = deployment.Spec.ProgressDeadlineSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : waits ? null : runtime.Descriptor.ProgressDeadline;
        (state, var again) = ProgressDeadline.Hold(state, deployment, deadline, conditions, input.Now);
        if (storage is not null) conditions.Set(ConditionTypes.StorageReady, storage.Claims.Ready ? ConditionStatus.True : ConditionStatus.False, storage.Claims.Reason, storage.Claims.Message);
        else conditions.Remove(ConditionTypes.StorageReady);
        if ((storage?.Download is { } d ? new WeightsState(d.AtHand, d.Reason, d.Message) : state.Weights) is not { } weights) conditions.Remove(ConditionTypes.ModelDownloaded);
        else
            conditions.Set(ConditionTypes.ModelDownloaded, weights.AtHand ? ConditionStatus.True : ConditionStatus.False, weights.Reason, weights.Message);
        if (state.Degraded is { } degraded) conditions.True(ConditionTypes.Degraded, degraded.Reason, degraded.Message);
        else conditions.Remove(ConditionTypes.Degraded);
        var ready = state is { Phase: DeploymentPhase.Running, Replicas.Ready: > 0 };
        conditions.Set(ConditionTypes.Ready, ready ? ConditionStatus.True : ConditionStatus.False, state.Reason, state.Message);
        status = status with { Phase = state.Phase, Message = state.Message, Replicas = state.Replicas, Endpoint = state.Endpoint };
        IReadOnlyList<ObjectChange> routes = [];
        if (input.Gateway is null) status = status with { Gateway = Gateway(deployment, ready, input.NameTakenBy, conditions) };
        else (status, routes) = Route(deployment, ready, state.Endpoint, input, status, conditions);
        // The user's own route is not watched for.
        if (deployment.Spec.Gateway?.HttpRouteRef is not null && (again is null || again > s_givenRoute)) again = s_givenRoute;
        return new DeploymentPlan(status with { Conditions = conditions.Conditions }, changes) { Runtime = runtime, LookAgain = again, Claims = storage?.Changes ?? [], Routes = routes };
    }

    // Pods that are there before what they name are tried in vain, which is told in events.
    private static bool PodsNeed(ObjectChange change) => change is ApplyObject { Kind: ClaimTemplate or GangPlanner.Workload or GangPlanner.PodGroup };

    private static RuntimeState Begun(string reason, string message) => new(DeploymentPhase.Deploying, reason, message, new ReplicaStatus(), null, null);

    private string? Refusal(ModelDeployment deployment, string provider, EngineType engine, int? sized)
    {
        if (Runtime(provider) is not { } runtime) return null;
        var blocking = Unsupported(deployment, Effective(deployment, runtime, engine, sized), runtime).FirstOrDefault(f => f.Blocking);
        return blocking is null ? null : $"does not support {blocking}";
    }

    private static ModelDeployment Effective(ModelDeployment deployment, IRuntime runtime, EngineType engine, int? sized) =>
        ModelDeployments.Effective.Of(deployment, engine, GivesGpus(runtime, engine), sized);

    private static bool GivesGpus(IRuntime runtime, EngineType engine) =>
        runtime.Descriptor.Spec.Capabilities?.Engines?.FirstOrDefault(e => e.Name == engine)?.GpuSupport == true;

    // A number that Slipway filled in is no field of the user's to be named.
    private static List<UnsupportedField> Unsupported(ModelDeployment deployment, ModelDeployment effective, IRuntime runtime) =>
        [.. runtime.Unsupported(effective).Where(f => f.Path is not ("spec.resources.gpu.count" or "spec.resources.accelerators.count") || !ModelDeployments.Effective.LeavesGpusOpen(deployment))];

    private string Describe(UnsupportedField field, ModelDeployment deployment, IRuntime runtime, EngineType engine)
    {
        var others = runtimes.Where(r => r != runtime && r.Descriptor.Spec.Capabilities?.Engines?.Any(e => e.Name == engine) == true)
            .Where(r => !r.Unsupported(Effective(deployment, r, engine, null)).Any(f => f.Path == field.Path))
            .Select(r => r.Descriptor.Name).ToList();
        return others.Count == 0 ? field.ToString() : $"{field} (supported by {string.Join(", ", others)})";
    }

    private static bool IsServed(IRuntime runtime, string kind, ClusterApis apis) =>
        runtime.Descriptor.Kinds.FirstOrDefault(k => k.Kind == kind) is { } known && apis.Version(known) is not null;

    // Through the cluster's Gateway.
    private (ModelDeploymentStatus Status, IReadOnlyList<ObjectChange> Changes) Route(
        ModelDeployment deployment, bool ready, EndpointStatus? endpoint, PlanInput input, ModelDeploymentStatus status, ConditionSet conditions)
    {
        if (input.Gateway is not { } facts) return (status, []);
        var id = new ObjectId(GatewayKinds.HttpRoute.Kind, deployment.Metadata.Name!);
        var theirs = Runtime(status.Provider?.Name) is null;
        var decided = GatewayPlanner.Plan(deployment, new GatewayInput(facts, ready, endpoint)
        {
            Engine = Engine(status, input.Providers),
            Pool = theirs ? new PoolInput(input.Service, input.Apis, MakesPools) : null,
            NameTakenBy = input.NameTakenBy,
            Route = input.Routes.GetValueOrDefault(id),
            GivenRoute = input.GivenRoute,
            Share = input.Share,
            KnowsSessions = input.KnowsSessions,
            Successor = input.Successor,
        });
        if (decided.Silent) conditions.Remove(ConditionTypes.GatewayReady);
        else if (decided.Fault is { } fault) conditions.False(ConditionTypes.GatewayReady, fault.Reason, fault.Message);
        else conditions.True(ConditionTypes.GatewayReady, ConditionTypes.GatewayReady, $"Answers to \"{decided.Status!.ModelName}\" at {decided.Status.Endpoint}{(decided.Note is { } note ? $". {note}" : "")}");
        List<JsonObject> wanted = [.. decided.Pool ?? [], .. decided.Route is { } route ? [route] : Array.Empty<JsonObject>()];
        foreach (var value in wanted) value["metadata"]!["ownerReferences"] = new JsonArray(OwnerReference(deployment));
        // Of the objects that carry the deployment's name only those that are made here: the rest is the provider's.
        var observed = theirs && decided.Pool is not null ? input.Routes.AddRange(input.Objects.Where(o => RoutedPool.Renders(deployment, o.Key))) : input.Routes;
        if (wanted.Select(Id).FirstOrDefault(id => observed.TryGetValue(id, out var there) && !there.IsOwnedBy(deployment.Metadata.Uid)) is { Kind: not null } foreign)
        {
            conditions.False(ConditionTypes.GatewayReady, "ResourceConflict", Conflict(foreign.Kind, foreign.Name));
            return (status with { Gateway = null }, []);
        }

        return (status with { Gateway = decided.Status }, ObjectDiff.Changes(wanted, observed, deployment.Metadata.Uid!));
    }

    /// <summary>Whether this process may make pools for providers of somebody else's: where it drives a runtime that does.</summary>
    internal bool MakesPools => runtimes.Any(r => r.Descriptor.Kinds.Contains(RoutedPool.Pool));

    /// <summary>What the chosen provider says of the chosen engine.</summary>
    internal static EngineCapability? Engine(ModelDeploymentStatus? status, IEnumerable<InferenceProviderConfig> providers) =>
        providers.FirstOrDefault(p => p.Metadata.Name == status?.Provider?.Name)?.Spec?.Capabilities?.Engines?.FirstOrDefault(e => e.Name == status?.Engine?.Type);

    private static ObjectId Id(JsonObject value) => new((string)value["kind"]!, (string)value["metadata"]!["name"]!);

    private GatewayStatus? Gateway(ModelDeployment deployment, bool ready, string? nameTakenBy, ConditionSet conditions)
    {
        if (deployment.Spec.Gateway?.Enabled == false || gateway is null)
        {
            conditions.Remove(ConditionTypes.GatewayReady);
            return null;
        }

        var name = ServedModel.RoutedName(deployment);
        if (nameTakenBy is not null)
        {
            conditions.False(
                ConditionTypes.GatewayReady, "ModelNameTaken", $"Requests for \"{name}\" go to {nameTakenBy}, which is older: give another spec.gateway.modelName");
            return null;
        }

        State(conditions, ConditionTypes.GatewayReady, ready, ready ? $"Answers to \"{name}\" at {gateway}v1" : "Waits for the model");
        return new GatewayStatus { Endpoint = $"{gateway}v1", ModelName = name, ApiFormats = [ApiFormat.OpenAIChat] };
    }

    private static void State(ConditionSet conditions, string type, bool holds, string message) =>
        conditions.Set(type, holds ? ConditionStatus.True : ConditionStatus.False, holds ? type : $"Not{type}", message);

    private static JsonObject OwnerReference(ModelDeployment deployment) => new()
    {
        ["apiVersion"] = ModelDeployment.GroupVersion,
        ["kind"] = "ModelDeployment",
        ["name"] = deployment.Metadata.Name,
        ["uid"] = deployment.Metadata.Uid,
        ["controller"] = true,
        ["blockOwnerDeletion"] = true,
    };
}
