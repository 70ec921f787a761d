using CsCheck;
using Slipway.Api.ModelDeployments;
using Slipway.Operator.Admission;

namespace Slipway.Operator.Tests.Admission;

public sealed class CeilingsTests
{
    [Theory]
    [InlineData(4, null, null, "spec.scaling.replicas: asks for 5 replicas, and this cluster allows 4")]
    [InlineData(5, null, null, null)]
    [InlineData(null, null, null, null)]
    [InlineData(null, 39, null, "spec.resources.gpu.count: asks for 40 accelerators in all, and this cluster allows 39")]
    [InlineData(null, 40, null, null)]
    [InlineData(8, null, 9, "spec.scaling.autoscaling.maxReplicas: asks for 9 replicas, and this cluster allows 8")]
    public void What_one_deployment_may_ask_for_is_counted_in_all(int? replicas, int? gpus, int? upTo, string? fault)
    {
        // 5 replicas of 2 nodes of 4 accelerators.
        var errors = new Ceilings(replicas, gpus).Check(Deployment(new ScalingSpec { Replicas = 5, Autoscaling = upTo is { } most ? new AutoscalingSpec { MaxReplicas = most } : null })).Select(e => e.ToString()).ToList();
        if (fault is null) Assert.Empty(errors);
        else Assert.StartsWith(fault, Assert.Single(errors), StringComparison.Ordinal);
    }

    [Fact]
    public void Prefill_and_decode_count_together()
    {
        var deployment = Deployment(new ScalingSpec
        {
            Prefill = new WorkerSpec { Replicas = 2, Gpu = new GpuSpec { Count = 4 } },
            Decode = new WorkerSpec { Replicas = 1, Gpu = new GpuSpec { Count = 8 }, Nodes = 2 },
        }) with
        { };
        deployment = deployment with { Spec = deployment.Spec with { Serving = new ServingSpec { Mode = ServingMode.Disaggregated } } };
        Assert.Equal(
            ["spec.scaling: asks for 3 replicas", "spec.scaling: asks for 24 accelerators in all"],
            new Ceilings(2, 23).Check(deployment).Select(e => e.ToString().Split(',')[0]));
        Assert.Empty(new Ceilings(3, 24).Check(deployment));
    }

    // Numbers that no machine has must not wrap around to few.
    [Fact]
    public void No_numbers_are_too_large_to_be_counted() => Gen.Select(Gen.Int[1, int.MaxValue], Gen.Int[1, int.MaxValue], Gen.Int[1, 64]).Sample(asked =>
    {
        var (replicas, gpus, nodes) = asked;
        var deployment = new ModelDeployment
        {
            Spec = new ModelDeploymentSpec { Model = new ModelSpec(), Scaling = new ScalingSpec { Replicas = replicas }, Resources = new ResourcesSpec { Gpu = new GpuSpec { Count = gpus }, Nodes = nodes } },
        };
        var over = (decimal)replicas * gpus * nodes > 1000;
        return new Ceilings(null, 1000).Check(deployment).Any() == over;
    });

    private static ModelDeployment Deployment(ScalingSpec scaling) => new()
    {
        Spec = new ModelDeploymentSpec { Model = new ModelSpec { Id = "org/model" }, Scaling = scaling, Resources = new ResourcesSpec { Gpu = new GpuSpec { Count = 4 }, Nodes = 2 } },
    };
}
