using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Api.ModelDeployments;
using Slipway.Integration.Tests.Harness;
using Slipway.Kubernetes.Objects;
using Slipway.Simulators;

namespace Slipway.Integration.Tests.Runtimes;

/// <summary>Volumes of a deployment: their claims, the download onto them, and what can go wrong with either, with the binder and the Job controller played.</summary>
[Collection(Cluster.Name)]
public sealed class VolumesTests(Cluster cluster)
{
    public static TheoryData<string> Names => ["vllm", "llmd", "dynamo", "kuberay"];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_claim_is_made_and_the_model_fetched_before_engines_start(string name)
    {
        var deployed = await ApplyAsync(name, Stage.Unschedulable);
        await deployed.UntilAsync(ConditionTypes.StorageReady, "ClaimPending");
        Assert.Null(await deployed.ObjectAsync(Case(name).Main));

        cluster.Operators.TakeStorage(deployed.Key.Name, Stage.Loading);
        var loading = await deployed.UntilAsync(ConditionTypes.ModelDownloaded, "Downloading");
        Assert.Equal(DeploymentPhase.Deploying, loading.Status!.Phase);
        Assert.Contains("kubectl logs", loading.Status.Message, StringComparison.Ordinal);
        Assert.Null(await deployed.ObjectAsync(Case(name).Main));

        cluster.Operators.TakeStorage(deployed.Key.Name, Stage.Ready);
        var running = await deployed.UntilAsync(DeploymentPhase.Running);
        Assert.Equal("Bound", Deployed.Condition(running, ConditionTypes.StorageReady)!.Reason);
        Assert.Contains("12 files, 16.4 GB", Deployed.Condition(running, ConditionTypes.ModelDownloaded)!.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_download_that_failed_is_told_in_the_hubs_words_and_begun_again_when_its_job_is_deleted(string name)
    {
        var deployed = await ApplyAsync(name, Stage.Failed);
        var failed = await deployed.UntilAsync(d => d.Status!.Phase is DeploymentPhase.Failed && d.Status.Message!.Contains(JobSimulator.GatedWords, StringComparison.Ordinal), "the hub's words");
        Assert.Equal("GatedOrPrivate", Deployed.Condition(failed, ConditionTypes.Ready)!.Reason);
        cluster.Operators.TakeStorage(deployed.Key.Name, Stage.Ready);
        await cluster.Client.DeleteAsync(ApiKinds.Jobs, (await JobsAsync(deployed)).Single().Identity.Key, CancellationToken.None);
        await deployed.UntilAsync(DeploymentPhase.Running);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Another_model_is_fetched_while_the_one_before_it_goes_on_answering(string name)
    {
        var deployed = await ApplyAsync(name, Stage.Ready);
        await deployed.UntilAsync(DeploymentPhase.Running);
        var before = (await JobsAsync(deployed)).Single().Identity;
        cluster.Operators.TakeStorage(deployed.Key.Name, Stage.Loading);
        var changed = Spec(name);
        changed["model"]!["id"] = "Qwen/Qwen3-4B";
        await deployed.ApplyAsync(changed);
        var waiting = await deployed.UntilAsync(ConditionTypes.Degraded, "Downloading");
        Assert.Equal(DeploymentPhase.Running, waiting.Status!.Phase);
        Assert.Contains("Qwen3-8B", (await deployed.ObjectAsync(Case(name).Main))!.Json.GetRawText(), StringComparison.Ordinal);

        cluster.Operators.TakeStorage(deployed.Key.Name, Stage.Ready);
        await Wait.UntilAsync(async () => (await deployed.ObjectAsync(Case(name).Main))?.Json.GetRawText().Contains("Qwen3-4B", StringComparison.Ordinal) == true, "the new model");
        await deployed.UntilAsync(d => d.Status!.Phase is DeploymentPhase.Running && Deployed.Condition(d, ConditionTypes.Degraded) is null, "running, and nothing else to tell");
        Assert.NotEqual(before.Key, (await JobsAsync(deployed)).Single().Identity.Key);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Removal_takes_along_what_was_made(string name)
    {
        var deployed = await ApplyAsync(name, Stage.Ready);
        await deployed.UntilAsync(DeploymentPhase.Running);
        await deployed.DeleteAsync();
        await deployed.GoneAsync();
        foreach (var kind in new[] { ApiKinds.Jobs, ApiKinds.Pods, ApiKinds.Claims })
            await Wait.UntilAsync(async () => (await cluster.Client.ListAsync(kind, deployed.Key.Namespace, CancellationToken.None)).Count == 0, $"all of {kind.Kind} to be gone");
    }

    [Fact]
    public async Task A_claim_grows_and_what_it_cannot_become_is_told_while_the_model_runs()
    {
        var deployed = await ApplyAsync("vllm", Stage.Ready, Spec("vllm", size: "100Gi", storageClass: await ClassAsync(growing: true)));
        await deployed.UntilAsync(DeploymentPhase.Running);
        var grown = Spec("vllm", size: "200Gi", storageClass: await ClassAsync(growing: true));
        await deployed.ApplyAsync(grown);
        await Wait.UntilAsync(async () => (await ClaimAsync(deployed)).GetProperty("status").GetProperty("capacity").GetProperty("storage").GetString() == "200Gi", "the claim to grow");
        await deployed.UntilAsync(ConditionTypes.StorageReady, "Bound");

        await deployed.ApplyAsync(Spec("vllm", size: "50Gi", storageClass: await ClassAsync(growing: true)));
        var shrunk = await deployed.UntilAsync(ConditionTypes.StorageReady, "ClaimCannotShrink");
        Assert.Equal(DeploymentPhase.Running, shrunk.Status!.Phase);
        await deployed.ApplyAsync(Spec("vllm", size: "200Gi", storageClass: await ClassAsync(growing: false)));
        Assert.Equal(DeploymentPhase.Running, (await deployed.UntilAsync(ConditionTypes.StorageReady, "ClaimImmutable")).Status!.Phase);
    }

    [Fact]
    public async Task A_class_that_does_not_let_volumes_grow_is_told_in_its_words_and_stops_nothing()
    {
        var deployed = await ApplyAsync("vllm", Stage.Ready, Spec("vllm", storageClass: await ClassAsync(growing: false)));
        await deployed.UntilAsync(DeploymentPhase.Running);
        await deployed.ApplyAsync(Spec("vllm", size: "200Gi", storageClass: await ClassAsync(growing: false)));
        var refused = await deployed.UntilAsync(ConditionTypes.StorageReady, "ResizeRefused");
        Assert.Equal(DeploymentPhase.Running, refused.Status!.Phase);
        Assert.Contains("must support resize", Deployed.Condition(refused, ConditionTypes.StorageReady)!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_claim_of_the_users_is_waited_for_used_and_left_alone()
    {
        var spec = Spec("vllm");
        spec["model"]!["storage"]!["volumes"] = new JsonArray(new JsonObject { ["name"] = "cache", ["purpose"] = "modelCache", ["claimName"] = "mine" });
        var deployed = await ApplyAsync("vllm", Stage.Ready, spec);
        await deployed.UntilAsync(ConditionTypes.StorageReady, "ClaimMissing");
        var claim = JsonNode.Parse("""{"apiVersion":"v1","kind":"PersistentVolumeClaim","metadata":{"name":"mine"},"spec":{"accessModes":["ReadWriteMany"],"resources":{"requests":{"storage":"1Gi"}}}}""")!.AsObject();
        await cluster.Client.ApplyAsync(ApiKinds.Claims, new NamespacedName(deployed.Key.Namespace, "mine"), claim, "test", CancellationToken.None);
        await deployed.UntilAsync(DeploymentPhase.Running);
        await deployed.DeleteAsync();
        await deployed.GoneAsync();
        Assert.False((await cluster.Client.GetAsync(ApiKinds.Claims, new NamespacedName(deployed.Key.Namespace, "mine"), CancellationToken.None))!.IsDeleting);
    }

    [Fact]
    public async Task A_claim_whose_volume_is_taken_out_is_kept_and_named()
    {
        var deployed = await ApplyAsync("vllm", Stage.Ready);
        await deployed.UntilAsync(DeploymentPhase.Running);
        var without = Spec("vllm");
        without["model"]!.AsObject().Remove("storage");
        await deployed.ApplyAsync(without);
        await deployed.UntilAsync(d => Deployed.Condition(d, ConditionTypes.StorageReady)?.Message?.Contains($"{deployed.Key.Name}-cache belongs to no volume", StringComparison.Ordinal) == true, "the claim to be named");
        await Wait.UntilAsync(async () => (await JobsAsync(deployed)).Count == 0, "the download to be gone");
        Assert.Equal("Bound", (await ClaimAsync(deployed)).GetProperty("status").GetProperty("phase").GetString());
    }

    private async Task<Deployed> ApplyAsync(string name, Stage storage, JsonObject? spec = null)
    {
        var model = $"m{Guid.NewGuid():n}"[..12];
        cluster.Operators.TakeStorage(model, storage);
        return await Deployed.ApplyAsync(cluster, spec ?? Spec(name), name: model);
    }

    private static JsonObject Spec(string name, string size = "100Gi", string? storageClass = null)
    {
        var spec = Case(name).Spec.DeepClone().AsObject();
        var volume = new JsonObject { ["name"] = "cache", ["purpose"] = "modelCache", ["size"] = size };
        if (storageClass is not null) volume["storageClassName"] = storageClass;
        spec["model"]!["storage"] = new JsonObject { ["volumes"] = new JsonArray(volume) };
        return spec;
    }

    private async Task<string> ClassAsync(bool growing)
    {
        var name = growing ? "slipway-growing" : "slipway-fixed";
        await cluster.Client.ApplyRawAsync($"apis/storage.k8s.io/v1/storageclasses/{name}", Encoding.UTF8.GetBytes(new JsonObject
        {
            ["apiVersion"] = "storage.k8s.io/v1",
            ["kind"] = "StorageClass",
            ["metadata"] = new JsonObject { ["name"] = name },
            ["provisioner"] = "example.com/none",
            ["allowVolumeExpansion"] = growing,
        }.ToJsonString()), "test", CancellationToken.None);
        return name;
    }

    private async Task<JsonElement> ClaimAsync(Deployed deployed) =>
        (await cluster.Client.GetAsync(ApiKinds.Claims, new NamespacedName(deployed.Key.Namespace, $"{deployed.Key.Name}-cache"), CancellationToken.None))!.Json;

    private async Task<IReadOnlyList<CachedObject>> JobsAsync(Deployed deployed) => [.. await cluster.Client.ListAsync(ApiKinds.Jobs, deployed.Key.Namespace, CancellationToken.None)];

    private static RuntimeCase Case(string name) => RuntimeCase.All.Single(c => c.Name == name);
}
