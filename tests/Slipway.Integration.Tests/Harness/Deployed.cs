using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Api;
using Slipway.Api.Meta;
using Slipway.Api.ModelDeployments;
using Slipway.Kubernetes.Objects;
using Slipway.Operator;
using Slipway.Simulators;

namespace Slipway.Integration.Tests.Harness;

/// <summary>A deployment of one test, as a user with kubectl would follow it.</summary>
internal sealed class Deployed(BareCluster cluster, string ns, string name)
{
    private ModelDeployment? _last;

    public NamespacedName Key { get; } = new(ns, name);

    public ModelDeployment Last => _last!;

    /// <summary>What was applied last.</summary>
    public JsonObject Spec { get; private set; } = [];

    /// <summary>Applies a spec and takes what comes of it to a stage.</summary>
    public static async Task<Deployed> ApplyAsync(BareCluster cluster, JsonObject spec, Stage stage = Stage.Ready, string? name = null)
    {
        var deployed = new Deployed(cluster, await cluster.NamespaceAsync(), name ?? $"m{Guid.NewGuid():n}"[..12]);
        cluster.Operators.Take(deployed.Key.Name, stage);
        await deployed.ApplyAsync(spec);
        return deployed;
    }

    public void Take(Stage stage) => cluster.Operators.Take(Key.Name, stage);

    public async Task ApplyAsync(JsonObject spec)
    {
        Spec = spec;
        var manifest = new JsonObject
        {
            ["apiVersion"] = ModelDeployment.GroupVersion,
            ["kind"] = "ModelDeployment",
            ["metadata"] = new JsonObject { ["name"] = Key.Name, ["namespace"] = Key.Namespace },
            ["spec"] = spec.DeepClone(),
        };
        await cluster.Client.ApplyAsync(Kinds.ModelDeployments, Key, manifest, "test", CancellationToken.None);
    }

    public Task DeleteAsync() => cluster.Client.DeleteAsync(Kinds.ModelDeployments, Key, CancellationToken.None);

    /// <summary>Waits until the status says what it should.</summary>
    public async Task<ModelDeployment> UntilAsync(Func<ModelDeployment, bool> holds, string what)
    {
        await Wait.UntilAsync(
            async () => (_last = await cluster.Client.GetAsync(Kinds.ModelDeployments, Key, CancellationToken.None)) is { Status: not null } now && holds(now),
            what,
            () => _last is null ? "gone" : JsonSerializer.Serialize(_last.Status, SlipwayJson.Default.ModelDeploymentStatus));
        return _last!;
    }

    public Task<ModelDeployment> UntilAsync(DeploymentPhase phase) => UntilAsync(d => d.Status!.Phase == phase && d.Status.ObservedGeneration == d.Metadata.Generation, $"phase {phase}");

    public Task<ModelDeployment> UntilAsync(string condition, string reason) =>
        UntilAsync(d => Condition(d, condition)?.Reason == reason, $"{condition} because of {reason}");

    public Task GoneAsync() => Wait.UntilAsync(async () => await cluster.Client.GetAsync(Kinds.ModelDeployments, Key, CancellationToken.None) is null, $"{Key} to be gone");

    /// <summary>The main object, as the status names it.</summary>
    public NamespacedName Main => new(Key.Namespace, _last?.Status?.Provider?.ResourceName ?? Key.Name);

    /// <summary>The main object, of a kind.</summary>
    public Task<CachedObject?> ObjectAsync(Resource<CachedObject> kind) => cluster.Client.GetAsync(kind, Main, CancellationToken.None);

    public static Condition? Condition(ModelDeployment deployment, string type) => deployment.Status?.Conditions?.FirstOrDefault(c => c.Type == type);
}
