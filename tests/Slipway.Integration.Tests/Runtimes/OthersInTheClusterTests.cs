using System.Text.Json.Nodes;
using Slipway.Api.ModelDeployments;
using Slipway.Integration.Tests.Harness;
using Slipway.Kubernetes.Objects;
using Slipway.Operator;
using Slipway.Simulators;

namespace Slipway.Integration.Tests.Runtimes;

/// <summary>Slipway is not alone in a cluster: other owners, other providers, rules of the administrator, and users who change their mind.</summary>
[Collection(Cluster.Name)]
public sealed class OthersInTheClusterTests(Cluster cluster)
{
    private static readonly JsonObject s_dynamo = JsonNode.Parse("""
        { "model": { "id": "Qwen/Qwen3-8B" }, "engine": { "type": "vllm" }, "provider": { "name": "dynamo" }, "resources": { "gpu": { "count": 1 } } }
        """)!.AsObject();

    [Fact]
    public async Task An_object_of_somebody_elses_is_left_as_it_is()
    {
        var ns = await cluster.NamespaceAsync();
        var key = new NamespacedName(ns, "taken");
        await cluster.Client.ApplyAsync(ApiKinds.DynamoGraphs, key, Graph(key), "somebody", CancellationToken.None);
        var before = await cluster.Client.GetAsync(ApiKinds.DynamoGraphs, key, CancellationToken.None);

        var deployed = new Deployed(cluster, ns, "taken");
        await deployed.ApplyAsync(s_dynamo);
        var failed = await deployed.UntilAsync(DeploymentPhase.Failed);
        Assert.Equal("DynamoGraphDeployment taken exists and belongs to something else: delete it or choose another name", failed.Status!.Message);
        await deployed.DeleteAsync();
        await deployed.GoneAsync();
        var after = await cluster.Client.GetAsync(ApiKinds.DynamoGraphs, key, CancellationToken.None);
        Assert.Equal(before!.Json.GetProperty("spec").GetRawText(), after!.Json.GetProperty("spec").GetRawText());
    }

    [Fact]
    public async Task A_field_that_the_clusters_schema_does_not_know_fails_with_the_servers_words_and_is_mended_by_taking_it_back()
    {
        var wrong = s_dynamo.DeepClone().AsObject();
        wrong["provider"]!["overrides"] = JsonNode.Parse("""{ "spec": { "topologyConstraint": { "noSuchField": "x" } } }""");
        var deployed = await Deployed.ApplyAsync(cluster, wrong);
        var failed = await deployed.UntilAsync(ConditionTypes.ResourceCreated, "IncompatibleUpstream");
        Assert.Equal(DeploymentPhase.Failed, failed.Status!.Phase);
        Assert.Contains("noSuchField", failed.Status.Message, StringComparison.Ordinal);
        await deployed.ApplyAsync(s_dynamo);
        await deployed.UntilAsync(DeploymentPhase.Running);
    }

    [Fact]
    public async Task A_paused_deployment_is_left_alone_until_it_is_not()
    {
        var deployed = await Deployed.ApplyAsync(cluster, s_dynamo);
        await deployed.UntilAsync(DeploymentPhase.Running);
        await PauseAsync(deployed, "true");
        await deployed.UntilAsync(d => d.IsPaused, "to be paused");
        await cluster.Client.MergePatchAsync(
            ApiKinds.DynamoGraphs, deployed.Key, new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { ["slipway.dev/rendered"] = "by hand" } } }, "somebody", CancellationToken.None);
        // A second deployment that is carried all the way shows that the controllers had the time to interfere.
        var other = await Deployed.ApplyAsync(cluster, s_dynamo);
        await other.UntilAsync(DeploymentPhase.Running);
        Assert.Contains("by hand", (await deployed.ObjectAsync(ApiKinds.DynamoGraphs))!.Json.GetRawText(), StringComparison.Ordinal);

        await PauseAsync(deployed, null);
        await Wait.UntilAsync(async () => !(await deployed.ObjectAsync(ApiKinds.DynamoGraphs))!.Json.GetRawText().Contains("by hand", StringComparison.Ordinal), "the change to be undone");
    }

    [Fact]
    public async Task A_third_partys_provider_is_chosen_by_its_rules_and_writes_its_own_status()
    {
        var name = $"third-{Guid.NewGuid():n}"[..12];
        await cluster.Client.ApplyAsync(Kinds.Providers, new NamespacedName("", name), JsonNode.Parse($$"""
            {
              "apiVersion": "airunway.ai/v1alpha1", "kind": "InferenceProviderConfig", "metadata": { "name": "{{name}}" },
              "spec": {
                "capabilities": { "engines": [{ "name": "sglang", "gpuSupport": true, "servingModes": ["aggregated"] }] },
                "selectionRules": [{ "condition": "has(spec.model.servedName) && spec.model.servedName == '{{name}}'", "priority": 1000 }]
              }
            }
            """)!.AsObject(), "third", CancellationToken.None);
        await cluster.Client.MergePatchAsync(Kinds.Providers, new NamespacedName("", name), JsonNode.Parse("""{ "status": { "ready": true } }""")!.AsObject(), "third", CancellationToken.None, "status");
        try
        {
            var deployed = await Deployed.ApplyAsync(cluster, JsonNode.Parse($$"""
                { "model": { "id": "Qwen/Qwen3-8B", "servedName": "{{name}}" }, "engine": { "type": "sglang" } }
                """)!.AsObject());
            var chosen = await deployed.UntilAsync(d => d.Status!.Provider?.Name == name, $"{name} to be chosen");
            Assert.Contains(chosen.Status!.Provider!.Candidates!, c => c.Name == name && c.Priority == 1000);

            // As a provider controller of the shared API does: its whole status, with what the core wrote read before.
            await cluster.Client.MergePatchAsync(Kinds.ModelDeployments, deployed.Key, JsonNode.Parse("""
                { "status": { "phase": "Running", "message": "said by the third party", "replicas": { "desired": 1, "ready": 1, "available": 1 }, "endpoint": { "service": "svc", "port": 1234 } } }
                """)!.AsObject(), "third", CancellationToken.None, "status");
            await deployed.ApplyAsync(JsonNode.Parse($$"""
                { "model": { "id": "Qwen/Qwen3-8B", "servedName": "{{name}}" }, "engine": { "type": "sglang", "contextLength": 4096 } }
                """)!.AsObject());
            var kept = await deployed.UntilAsync(d => d.Status!.ObservedGeneration == 2, "the core to have looked again");
            Assert.Equal((DeploymentPhase.Running, "said by the third party", 1234), (kept.Status!.Phase, kept.Status.Message, kept.Status.Endpoint!.Port));
            await deployed.DeleteAsync();
            await deployed.GoneAsync();
        }
        finally
        {
            await cluster.Client.DeleteAsync(Kinds.Providers, new NamespacedName("", name), CancellationToken.None);
        }
    }

    [Fact]
    public async Task Events_tell_the_choice_and_the_end_and_little_else()
    {
        var deployed = await Deployed.ApplyAsync(cluster, s_dynamo);
        await deployed.UntilAsync(DeploymentPhase.Running);
        var reasons = new List<string>();
        await Wait.UntilAsync(
            async () =>
            {
                reasons = [.. (await cluster.Client.ListAsync(Kinds.Events, deployed.Key.Namespace, CancellationToken.None)).Where(e => e.InvolvedObject?.Name == deployed.Key.Name).Select(e => e.Reason!)];
                return reasons.Contains("ProviderSelected") && reasons.Count >= 2;
            },
            "the events",
            () => string.Join(", ", reasons));
        Assert.InRange(reasons.Count, 2, 3);
    }

    private Task PauseAsync(Deployed deployed, string? value) => cluster.Client.MergePatchAsync(
        Kinds.ModelDeployments,
        deployed.Key,
        new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { [ModelDeployment.PausedAnnotation] = value } } },
        "test",
        CancellationToken.None);

    private static JsonObject Graph(NamespacedName key) => new()
    {
        ["apiVersion"] = "nvidia.com/v1beta1",
        ["kind"] = "DynamoGraphDeployment",
        ["metadata"] = new JsonObject { ["name"] = key.Name, ["namespace"] = key.Namespace },
        ["spec"] = new JsonObject { ["backendFramework"] = "vllm", ["components"] = new JsonArray(new JsonObject { ["name"] = "Frontend", ["type"] = "frontend", ["replicas"] = 1 }) },
    };
}
