using System.Diagnostics;
using Slipway.Models.Memory;
using Slipway.Models.Profiles;
using Slipway.Testing;

namespace Slipway.Models.Tests.Memory;

public sealed class PlacementTests(ITestOutputHelper output)
{
    private static readonly ModelProfile s_small = LocalModels.Find("meta-llama/Llama-3.1-8B-Instruct")!;
    private static readonly ModelProfile s_large = LocalModels.Find("meta-llama/Llama-3.3-70B-Instruct")!;
    private static readonly EngineSettings s_vllm = new();
    private static readonly Workload s_asked = new(8192, 4);

    [Fact]
    public void Sixteen_small_cards_on_sixteen_nodes_are_not_one_large_one()
    {
        var nodes = Enumerable.Range(0, 16).Select(static i => new NodeAccelerators($"n{i:00}", Cards.L4, 1, 1)).ToList();

        var placement = Assert.Single(PlacementPlanner.Plan(s_large, s_asked, s_vllm, nodes));

        // Eight stages at most, and 70 billion 16-bit weights over eight such cards leave nothing for a cache.
        Assert.False(placement.IsPossible);
    }

    [Fact]
    public void The_smallest_block_that_suffices_is_taken()
    {
        NodeAccelerators[] nodes = [new("big", Cards.H100, 8, 8), new("left", Cards.H100, 4, 8), new("little", Cards.H100, 1, 8), new("none", Cards.H100, 0, 8)];

        var large = PlacementPlanner.Plan(s_large, s_asked, s_vllm, nodes)[0];
        var small = PlacementPlanner.Plan(s_small, s_asked, s_vllm, nodes)[0];

        Assert.Equal(["left"], large.Nodes);
        Assert.Equal((4, 3), (large.Fit.Layout.Tensor, large.Replicas));
        Assert.Equal(["little"], small.Nodes);
        Assert.Equal((1, 13), (small.Fit.Layout.Tensor, small.Replicas));
    }

    [Fact]
    public void Devices_in_use_block_and_say_so()
    {
        NodeAccelerators[] nodes = [new("a", Cards.H100, 1, 8), new("b", Cards.H100, 2, 8)];

        var placement = PlacementPlanner.Plan(s_large, new Workload(32_768, 8), s_vllm, nodes)[0];

        Assert.False(placement.IsPossible);
        Assert.Contains("free", placement.Blocked, StringComparison.Ordinal);
        Assert.Contains(placement.Fit.Verdict, new[] { FitVerdict.Fits, FitVerdict.Tight });
    }

    [Fact]
    public void What_no_node_holds_becomes_stages_on_several()
    {
        var nodes = Enumerable.Range(0, 4).Select(static i => new NodeAccelerators($"n{i}", Cards.H100, 2, 2)).ToList();

        var placement = PlacementPlanner.Plan(s_large, new Workload(32_768, 8), s_vllm, nodes)[0];

        Assert.Equal((2, true), (placement.Fit.Layout.Tensor, placement.Fit.Layout.Pipeline >= 2));
        Assert.Equal(placement.Fit.Layout.Pipeline, placement.Nodes.Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public void The_kind_that_needs_fewest_devices_comes_first_and_the_rest_say_why_not()
    {
        NodeAccelerators[] nodes = [new("a", Cards.L4, 4, 4), new("b", Cards.H100, 8, 8), new("c", Cards.H200, 8, 8)];

        var plan = PlacementPlanner.Plan(s_large, s_asked, s_vllm, nodes);

        Assert.Equal(["h200", "h100_sxm", "l4"], plan.Select(static p => p.Accelerator.Key));
        Assert.Equal((FitVerdict.DoesNotFit, false), (plan[2].Fit.Verdict, plan[2].IsPossible));
        Assert.NotEmpty(plan[2].Fit.Reason);
    }

    [Fact]
    public void Three_hundred_nodes_are_planned_quickly_and_cheaply()
    {
        var kinds = Enumerable.Range(0, 12).Select(static i => Cards.Card($"card{i}", 16 + (i * 11))).ToArray();
        var nodes = Enumerable.Range(0, 300).Select(i => new NodeAccelerators($"node-{i:000}", kinds[i % kinds.Length], i % 9, 8)).ToList();
        var models = new[] { s_small, s_large };
        foreach (var model in models) PlacementPlanner.Plan(model, s_asked, s_vllm, nodes);

        var allocated = Allocated.By(() => PlacementPlanner.Plan(s_large, s_asked, s_vllm, nodes));
        var fastest = Enumerable.Range(0, 20).Min(_ =>
        {
            var start = Stopwatch.GetTimestamp();
            PlacementPlanner.Plan(s_large, s_asked, s_vllm, nodes);
            return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        });

        output.WriteLine($"{fastest:0.00} ms, {allocated / 1024} kB");
        Assert.InRange(fastest, 0, 50);
        Assert.InRange(allocated, 0, 512 << 10);
    }
}
