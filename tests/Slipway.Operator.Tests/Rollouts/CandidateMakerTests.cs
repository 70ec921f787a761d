using System.Text.Json;
using Slipway.Api.Meta;
using Slipway.Api.ModelDeployments;
using Slipway.Api.Rollouts;
using Slipway.Operator.Rollouts;

namespace Slipway.Operator.Tests.Rollouts;

public sealed class CandidateMakerTests
{
    [Theory]
    [InlineData("""{"model":{"revision":"v2"}}""", "revision v2")]
    [InlineData("""{"engine":{"contextLength":4096}}""", "context 4096")]
    [InlineData("""{"engine":{"contextLength":null}}""", "context none")]
    [InlineData("""{"engine":{"args":{"temp":"2"}}}""", "args keep=1,temp=2")]
    [InlineData("""{"model":{"servedName":"mine"}}""", "served mine")]
    public void What_is_different_is_merged_and_the_rest_stays(string patch, string expected)
    {
        var (made, problem) = CandidateMaker.Make(Rollout(patch), Stable());
        Assert.Null(problem);
        string[] facts =
        [
            $"revision {made!.Spec.Model.Revision}", $"context {made.Spec.Engine?.ContextLength?.ToString() ?? "none"}", $"served {made.Spec.Model.ServedName}",
            $"args {string.Join(',', (made.Spec.Engine?.Args ?? new Dictionary<string, string>()).OrderBy(static a => a.Key, StringComparer.Ordinal).Select(static a => $"{a.Key}={a.Value}"))}",
        ];
        Assert.Contains(expected, facts);
        Assert.Equal((2, "org/m", made.Metadata.Name), (made.Spec.Scaling!.Replicas, made.Spec.Model.Id, made.Spec.Gateway!.ModelName));
        Assert.Null(made.Spec.Gateway.HttpRouteRef);
        Assert.Equal("r", made.Metadata.Labels![ModelRollout.Label]);
    }

    [Fact]
    public void A_name_is_the_same_for_the_same_change_and_a_label_of_DNS()
    {
        var name = CandidateMaker.Name(Rollout("""{"model":{"revision":"v2"}}"""));
        Assert.Equal(name, CandidateMaker.Name(Rollout("""{ "model": { "revision": "v2" } }""")));
        Assert.NotEqual(name, CandidateMaker.Name(Rollout("""{"model":{"revision":"v3"}}""")));
        Assert.NotEqual(name, CandidateMaker.Name(Rollout("""{"model":{"revision":"v2"}}""", uid: "other")));
        var longest = CandidateMaker.Name(Rollout("""{"model":{"revision":"v2"}}""", deployment: new string('a', 44) + "-" + new string('b', 18)));
        Assert.Matches("^[a-z0-9]([-a-z0-9]{0,53}[a-z0-9])$", longest);
        Assert.DoesNotContain("--", longest, StringComparison.Ordinal);
        Assert.Matches("^a{37}-[0-9a-f]{8}-control$", CandidateMaker.ControlName(Rollout("""{"model":{"revision":"v2"}}""", deployment: new string('a', 63))));
    }

    [Theory]
    [InlineData("""{"model":{"id":"no model"}}""", "is no model id")]
    [InlineData("""{"engine":{"contextLength":"long"}}""", "makes no ModelDeployment")]
    [InlineData("""{"model":null}""", "makes no ModelDeployment")]
    public void A_change_that_makes_no_deployment_is_named(string patch, string problem) =>
        Assert.Contains(problem, CandidateMaker.Make(Rollout(patch), Stable()).Problem, StringComparison.Ordinal);

    private static ModelDeployment Stable() => new()
    {
        Metadata = new ObjectMeta { Name = "m", Namespace = "default" },
        Spec = new ModelDeploymentSpec
        {
            Model = new ModelSpec { Id = "org/m" },
            Engine = new EngineSpec { ContextLength = 2048, Args = new Dictionary<string, string> { ["keep"] = "1" } },
            Scaling = new ScalingSpec { Replicas = 2 },
            Gateway = new GatewaySpec { HttpRouteRef = "mine" },
        },
    };

    private static ModelRollout Rollout(string patch, string uid = "uid", string deployment = "m") => new()
    {
        Metadata = new ObjectMeta { Name = "r", Namespace = "default", Uid = uid },
        Spec = new ModelRolloutSpec { DeploymentRef = new LocalReference { Name = deployment }, Candidate = JsonDocument.Parse(patch).RootElement, Steps = [] },
    };
}
