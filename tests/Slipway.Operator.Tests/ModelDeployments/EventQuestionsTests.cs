using System.Collections.Immutable;
using System.Text.Json;
using Slipway.Operator.ModelDeployments;
using Slipway.Runtimes;
using Slipway.Runtimes.Pods;

namespace Slipway.Operator.Tests.ModelDeployments;

/// <summary>Events are asked for only where nothing else may say what is wrong, and not before there can be one.</summary>
public sealed class EventQuestionsTests
{
    private static readonly DateTimeOffset s_now = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("""{"spec":{"resourceClaims":[{"name":"a","resourceClaimTemplateName":"t"}]}}""", 60, "FailedResourceClaimCreation", 30)]
    [InlineData("""{"spec":{"resourceClaims":[{"name":"a","resourceClaimTemplateName":"t"}]}}""", 1, "", 4)]
    [InlineData("""{"spec":{"resourceClaims":[{"name":"a","resourceClaimTemplateName":"t"}]},"status":{"resourceClaimStatuses":[{"name":"a"}]}}""", 60, "", null)]
    [InlineData("""{"spec":{"resourceClaims":[{"name":"a","resourceClaimName":"c"}]}}""", 60, "", null)]
    [InlineData("""{"spec":{"nodeName":"n","resourceClaims":[{"name":"a","resourceClaimTemplateName":"t"}]}}""", 60, "", null)]
    [InlineData("""{"spec":{}}""", 60, "", null)]
    public void Pods_without_the_claims_that_templates_stand_for(string pod, int age, string reasons, int? again) =>
        Is(reasons, again, EventQuestions.Of(Observed([], Pod(pod, age))));

    [Theory]
    [InlineData(60, 1, null, 1, "FailedCreate", 30)]
    [InlineData(10, 1, null, 1, "", 20)]
    [InlineData(60, 2, null, 1, "", null)]
    [InlineData(60, 1, "True", 1, "", null)]
    [InlineData(60, 1, null, 0, "", null)]
    public void Gangs_without_all_of_their_pods(int age, int pods, string? scheduled, int replicas, string reasons, int? again)
    {
        var objects = new Dictionary<ObjectId, string>
        {
            [new("LeaderWorkerSet", "s")] = """{"metadata":{"annotations":{"slipway.dev/gang":"PodGroup"}},"spec":{"replicas":REPLICAS,"leaderWorkerTemplate":{"size":2,"leaderTemplate":{"spec":{"schedulingGroup":{"podGroupName":"g"}}}}}}""".Replace("REPLICAS", $"{replicas}", StringComparison.Ordinal),
            [new("PodGroup", "g")] = $$$"""{"metadata":{"creationTimestamp":"{{{s_now.AddSeconds(-age):O}}}"},"status":{"conditions":[{"type":"PodGroupScheduled","status":"{{{scheduled ?? "False"}}}","lastTransitionTime":"2026-01-01T00:00:00Z"}]}}""",
        };
        Is(reasons, again, EventQuestions.Of(Observed(objects, [.. Enumerable.Range(0, pods).Select(_ => Pod("""{"spec":{"schedulingGroup":{"podGroupName":"g"}}}""", age))])));
    }

    private static void Is(string reasons, int? again, EventQuestions asked)
    {
        Assert.Equal(reasons, string.Join(' ', asked.Reasons));
        Assert.Equal(again, (int?)asked.LookAgain?.TotalSeconds);
    }

    private static Observation Observed(Dictionary<ObjectId, string> objects, params ImmutableArray<ModelPod> pods) =>
        new(objects.ToImmutableDictionary(static o => o.Key, static o => JsonDocument.Parse(o.Value).RootElement), pods, s_now);

    private static ModelPod Pod(string json, int age)
    {
        var pod = JsonSerializer.Deserialize(json, PodJson.Default.ModelPod)!;
        return pod with { Metadata = new() { CreationTimestamp = s_now.AddSeconds(-age) } };
    }
}
