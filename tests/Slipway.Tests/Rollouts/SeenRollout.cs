using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Api;
using Slipway.Api.Rollouts;
using Slipway.Kubernetes.Connection;
using Slipway.Kubernetes.Objects;
using Slipway.Operator;
using Slipway.Tests.Running;

namespace Slipway.Tests.Rollouts;

/// <summary>A rollout, looked at until its status says something.</summary>
internal static class SeenRollout
{
    /// <summary>The status, once it says it.</summary>
    public static async Task<JsonNode> StatusAsync(SlipwayProcess slipway, string name, Func<JsonNode, bool> until, string what) => JsonSerializer.SerializeToNode((await GetAsync(slipway, name, until, what)).Status, SlipwayJson.Default.ModelRolloutStatus)!;

    /// <summary>The rollout, once its status says it.</summary>
    public static async Task<ModelRollout> GetAsync(SlipwayProcess slipway, string name, Func<JsonNode, bool> until, string what)
    {
        ModelRollout? rollout = null;
        // In process: a kubectl for every look would take more of the machine than what is looked at.
        using var connection = KubeConnection.FromKubeconfig(slipway.Kubeconfig, null);
        var client = new KubeClient(connection);
        await Eventually.TrueAsync(
            async () =>
            {
                rollout = await client.GetAsync(Kinds.ModelRollouts, new NamespacedName("default", name), TestContext.Current.CancellationToken);
                var status = JsonSerializer.SerializeToNode(rollout?.Status, SlipwayJson.Default.ModelRolloutStatus);
                return (status is not null && until(status), $"{what}: {status?.ToJsonString()}");
            },
            TimeSpan.FromMinutes(3));
        return rollout!;
    }

    /// <summary>What was decided, in order.</summary>
    public static IEnumerable<string> History(JsonNode status) => (status["history"]?.AsArray() ?? []).Select(static h => (string)h!["what"]!);
}
