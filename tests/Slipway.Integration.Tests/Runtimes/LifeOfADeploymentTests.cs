using System.Text.Json.Nodes;
using Slipway.Api.ModelDeployments;
using Slipway.Integration.Tests.Harness;
using Slipway.Simulators;

namespace Slipway.Integration.Tests.Runtimes;

/// <summary>Every runtime, from a manifest to an answer and through what can happen to it, with its operator's protocol played on a real API.</summary>
[Collection(Cluster.Name)]
public sealed class LifeOfADeploymentTests(Cluster cluster)
{
    public static TheoryData<string> Names => [.. RuntimeCase.Driven.Select(c => c.Name)];

    public static TheoryData<string> Failing => [.. RuntimeCase.Driven.Where(c => c.SaysFailed).Select(c => c.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task It_is_carried_from_pending_to_running_with_words_on_the_way(string name)
    {
        var test = Case(name);
        var deployed = await Deployed.ApplyAsync(cluster, test.Spec, Stage.Unschedulable);
        var waiting = await deployed.UntilAsync(d => d.Status!.Message?.Contains("free accelerators", StringComparison.Ordinal) == true, "what it waits for");
        Assert.Equal((0, null), (waiting.Status!.Replicas!.Ready ?? 0, waiting.Status.Endpoint));

        deployed.Take(Stage.Loading);
        await deployed.UntilAsync(DeploymentPhase.Deploying);
        deployed.Take(Stage.Ready);
        var running = (await deployed.UntilAsync(DeploymentPhase.Running)).Status!;
        Assert.Equal(test.Service.Replace("{name}", deployed.Key.Name, StringComparison.Ordinal), running.Endpoint!.Service);
        Assert.Equal(test.Port, running.Endpoint.Port);
        Assert.Equal(running.Replicas!.Desired, running.Replicas.Ready);
        Assert.Equal(test.Main.Kind, running.Provider!.ResourceKind);
        Assert.NotNull(await cluster.Client.GetAsync(ApiKinds.Services, new(deployed.Key.Namespace, running.Endpoint.Service!), CancellationToken.None));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_crash_is_told_in_the_engines_own_words_and_recovered_from(string name)
    {
        var deployed = await Deployed.ApplyAsync(cluster, Case(name).Spec);
        await deployed.UntilAsync(DeploymentPhase.Running);
        deployed.Take(Stage.Crashing);
        var crashed = await deployed.UntilAsync(d => d.Status!.Message?.Contains("out of memory", StringComparison.Ordinal) == true, "the engine's last words");
        Assert.NotEqual(Api.Meta.ConditionStatus.True, Deployed.Condition(crashed, ConditionTypes.Ready)!.Status);
        deployed.Take(Stage.Ready);
        await deployed.UntilAsync(DeploymentPhase.Running);
    }

    [Theory]
    [MemberData(nameof(Failing))]
    public async Task A_failure_that_upstream_declares_is_Failed_with_upstreams_words_and_recovered_from(string name)
    {
        var test = Case(name);
        var deployed = await Deployed.ApplyAsync(cluster, test.Spec, Stage.Failed);
        var failed = await deployed.UntilAsync(DeploymentPhase.Failed);
        Assert.Contains(test.FailedWords, failed.Status!.Message, StringComparison.Ordinal);
        deployed.Take(Stage.Ready);
        await deployed.UntilAsync(DeploymentPhase.Running);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task It_is_scaled_and_stopped_or_says_why_not(string name)
    {
        var test = Case(name);
        if (test.Spec["serving"] is not null) return;
        var deployed = await Deployed.ApplyAsync(cluster, test.Spec);
        await deployed.UntilAsync(DeploymentPhase.Running);
        await deployed.ApplyAsync(Changed(test.Spec, "scaling", new JsonObject { ["replicas"] = 3 }));
        await deployed.UntilAsync(d => d.Status!.Replicas is { Desired: 3, Ready: 3 }, "three replicas");

        await deployed.ApplyAsync(Changed(test.Spec, "scaling", new JsonObject { ["replicas"] = 0 }));
        await deployed.UntilAsync(
            d => d.Status!.Replicas is { Desired: 0, Ready: null or 0 } || Deployed.Condition(d, ConditionTypes.ProviderCompatible)?.Reason == "FieldNotSupported",
            "no replicas, or why not");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_change_of_a_setting_is_made_in_place(string name)
    {
        var test = Case(name);
        var deployed = await Deployed.ApplyAsync(cluster, test.Spec);
        await deployed.UntilAsync(DeploymentPhase.Running);
        var before = (await deployed.ObjectAsync(test.Main))!.Identity;
        var changed = test.Spec.DeepClone().AsObject();
        changed["engine"]!["args"] = new JsonObject { ["max-num-seqs"] = "17" };
        await deployed.ApplyAsync(changed);
        await deployed.UntilAsync(DeploymentPhase.Running);
        if (!test.ChangesByReplacement) Assert.Equal(before.Uid, (await deployed.ObjectAsync(test.Main))!.Identity.Uid);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Another_model_runs_in_the_end_whether_in_place_or_made_anew(string name)
    {
        var test = Case(name);
        var deployed = await Deployed.ApplyAsync(cluster, test.Spec);
        await deployed.UntilAsync(DeploymentPhase.Running);
        var changed = test.Spec.DeepClone().AsObject();
        changed["model"]!["id"] = "Qwen/Qwen3-4B";
        await deployed.ApplyAsync(changed);
        await deployed.UntilAsync(DeploymentPhase.Running);
        await Wait.UntilAsync(async () => (await deployed.ObjectAsync(test.Main))?.Json.GetRawText().Contains("Qwen3-4B", StringComparison.Ordinal) == true, "the new model in the object");
        await deployed.UntilAsync(DeploymentPhase.Running);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task What_somebody_changes_or_deletes_is_set_right(string name)
    {
        var test = Case(name);
        var deployed = await Deployed.ApplyAsync(cluster, test.Spec);
        await deployed.UntilAsync(DeploymentPhase.Running);
        var key = deployed.Main;
        await cluster.Client.MergePatchAsync(
            test.Main, key, new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { ["slipway.dev/rendered"] = "vandal" } } }, "vandal", CancellationToken.None);
        await Wait.UntilAsync(async () => (await deployed.ObjectAsync(test.Main))?.Json.GetRawText().Contains("vandal", StringComparison.Ordinal) == false, "the change to be undone");

        var before = (await deployed.ObjectAsync(test.Main))!.Identity.Uid;
        await cluster.Client.DeleteAsync(test.Main, key, CancellationToken.None);
        await Wait.UntilAsync(async () => await deployed.ObjectAsync(test.Main) is { } now && now.Identity.Uid != before, "the object to be made again");
        await deployed.UntilAsync(DeploymentPhase.Running);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task It_goes_with_all_that_ran_it(string name)
    {
        var test = Case(name);
        var deployed = await Deployed.ApplyAsync(cluster, test.Spec);
        await deployed.UntilAsync(DeploymentPhase.Running);
        await deployed.DeleteAsync();
        await deployed.GoneAsync();
        Assert.Null(await deployed.ObjectAsync(test.Main));
        await Wait.UntilAsync(async () => (await cluster.Client.ListAsync(ApiKinds.Pods, deployed.Key.Namespace, CancellationToken.None)).Count == 0, "the pods to be gone");
        await Wait.UntilAsync(async () => (await cluster.Client.ListAsync(ApiKinds.Services, deployed.Key.Namespace, CancellationToken.None)).Count == 0, "the Services to be gone");
    }

    private static RuntimeCase Case(string name) => RuntimeCase.All.Single(c => c.Name == name);

    private static JsonObject Changed(JsonObject spec, string field, JsonNode value)
    {
        var changed = spec.DeepClone().AsObject();
        changed[field] = value;
        return changed;
    }
}
