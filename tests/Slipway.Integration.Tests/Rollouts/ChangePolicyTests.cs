using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Slipway.Integration.Tests.Harness;
using Slipway.Kubernetes.Connection;
using Slipway.Kubernetes.Objects;
using Slipway.Operator;
using Slipway.Operator.Rollouts;

namespace Slipway.Integration.Tests.Rollouts;

/// <summary>Models that are to be changed by rollouts only.</summary>
public sealed class ChangePolicyTests(BareCluster cluster) : IClassFixture<BareCluster>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_decides_how_a_model_answers_is_kept_from_whoever_would_change_it_by_hand()
    {
        await ChangePolicy.InstallAsync(cluster.Client, Token);
        var ns = await cluster.NamespaceAsync();
        var (guarded, free) = (new NamespacedName(ns, "guarded"), new NamespacedName(ns, "free"));
        await MakeAsync(guarded, new JsonObject { [ChangePolicy.Annotation] = ChangePolicy.ByRollout });
        await MakeAsync(free, []);

        // A policy that was only just made is not in force everywhere at once.
        await Wait.UntilAsync(async () => await RefusedAsync(guarded, """{"spec":{"model":{"id":"org/other"}}}""") is not null, "the policy to be in force");
        var refusal = (await RefusedAsync(guarded, """{"spec":{"env":[{"name":"A","value":"b"}]}}"""))!;
        Assert.Equal(HttpStatusCode.Forbidden, refusal.Code);
        Assert.Contains("guarded is changed by rollouts only", refusal.Message, StringComparison.Ordinal);
        Assert.NotNull(await RefusedAsync(guarded, """{"metadata":{"annotations":{"slipway.dev/changes":null}},"spec":{"image":"x/y:z"}}"""));
        Assert.NotNull(await RefusedAsync(guarded, """{"spec":{"parallelism":{"tensor":2}}}"""));

        // How many there are, and the name, are not a matter of how good they are; and nobody is kept who may take the annotation off first.
        Assert.Null(await RefusedAsync(guarded, """{"spec":{"scaling":{"replicas":3},"gateway":{"modelName":"m"}}}"""));
        Assert.Null(await RefusedAsync(guarded, """{"metadata":{"labels":{"team":"a"}}}"""));
        Assert.Null(await RefusedAsync(guarded, """{"metadata":{"annotations":{"slipway.dev/changes":null}}}"""));
        Assert.Null(await RefusedAsync(guarded, """{"spec":{"image":"x/y:z"}}"""));
        Assert.Null(await RefusedAsync(free, """{"spec":{"image":"x/y:z"}}"""));

        // A whole namespace.
        await cluster.Client.ApplyRawAsync($"api/v1/namespaces/{ns}", Encoding.UTF8.GetBytes($$$"""{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"{{{ns}}}","annotations":{"slipway.dev/changes":"rollout"} } }"""), "test", Token);
        await Wait.UntilAsync(async () => await RefusedAsync(free, """{"spec":{"image":"x/y:other"}}""") is not null, "the namespace's annotation to be seen");
    }

    private async Task MakeAsync(NamespacedName key, JsonObject annotations)
    {
        var manifest = new JsonObject
        {
            ["apiVersion"] = "airunway.ai/v1alpha1",
            ["kind"] = "ModelDeployment",
            ["metadata"] = new JsonObject { ["name"] = key.Name, ["namespace"] = key.Namespace, ["annotations"] = annotations },
            ["spec"] = new JsonObject { ["model"] = new JsonObject { ["id"] = "org/m" } },
        };
        await cluster.Client.ApplyRawAsync($"apis/airunway.ai/v1alpha1/namespaces/{key.Namespace}/modeldeployments/{key.Name}", Encoding.UTF8.GetBytes(manifest.ToJsonString()), "test", Token);
    }

    private async Task<KubeApiException?> RefusedAsync(NamespacedName key, string patch)
    {
        try
        {
            await cluster.Client.MergePatchAsync(Kinds.ModelDeployments, key, JsonNode.Parse(patch)!.AsObject(), "test", Token);
            return null;
        }
        catch (KubeApiException refused) when (refused.Code is HttpStatusCode.Forbidden)
        {
            return refused;
        }
    }
}
