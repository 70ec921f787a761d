using System.Text;
using Slipway.Capacity.Accelerators;
using Slipway.Capacity.Planning;
using Slipway.Capacity.Prices;
using Slipway.Models.Profiles;
using Slipway.Models.Profiles.Config;
using Slipway.Models.Speed;

namespace Slipway.Capacity.Tests.Planning;

/// <summary>The cheapest machines for a goal.</summary>
public sealed class ModelPlannerTests
{
    private static readonly ModelProfile s_llama70 = Read("""{"architectures":["LlamaForCausalLM"],"model_type":"llama","num_hidden_layers":80,"hidden_size":8192,"num_attention_heads":64,"num_key_value_heads":8,"head_dim":128,"vocab_size":128256,"intermediate_size":28672,"torch_dtype":"bfloat16","tie_word_embeddings":false,"max_position_embeddings":131072}""");
    private static readonly PriceAnswer s_tenDollars = new PriceAnswer.Known(new Price(80, "USD", PriceKind.OnDemand, "a test", new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero)));
    private static readonly HardwareOffer s_eightH100 = new("big", "test", "here", AcceleratorTable.Bundled.Find("h100-sxm")!.Device, 8, s_tenDollars);

    [Fact]
    public void A_replica_pays_the_share_of_the_machine_that_it_takes()
    {
        var plan = Plan(new(new(1024, 256, 1)), s_eightH100).Plans[0];
        Assert.Equal(80m * plan.Layout.Devices / 8 * plan.Replicas, plan.PerHour.Amount);
        Assert.Equal(plan.PerHour.Amount * 730, plan.PerMonth.Amount);
    }

    [Fact]
    public void Twice_the_devices_can_be_cheaper_when_two_have_no_room_for_a_cache()
    {
        var plans = Plan(new(new(2048, 512, 200)), s_eightH100).Plans;
        var two = plans.First(static p => p.Layout.Devices == 2);
        var four = plans.First(static p => p.Layout.Devices == 4);
        Assert.True(four.PerHour.Amount < two.PerHour.Amount, $"4 devices: {four.PerHour.Amount}, 2 devices: {two.PerHour.Amount}");
        Assert.Contains("memory holds", two.Why, StringComparison.Ordinal);
        Assert.True(four.Tokens.PerMillionOutput.Amount < two.Tokens.PerMillionOutput.Amount);
    }

    [Fact]
    public void Every_plan_keeps_to_the_limits_and_serves_all_requests()
    {
        var goal = new PlanGoal(new(1000, 300, 150)) { InterTokenSeconds = 0.035, FirstTokenSeconds = 3 };
        var found = Plan(goal, s_eightH100);
        Assert.NotEmpty(found.Plans);
        Assert.All(found.Plans, p =>
        {
            Assert.True(p.Speed.InterTokenSeconds.Middle <= 0.035 && p.Speed.FirstTokenSeconds.Middle <= 3);
            Assert.True(p.Replicas * p.RequestsPerReplica >= 150);
            Assert.True((p.Replicas - 1) * p.RequestsPerReplica < 150, "one replica less would do");
        });
    }

    [Fact]
    public void A_tighter_limit_never_makes_it_cheaper()
    {
        decimal? last = 0;
        foreach (var limit in (double[])[0.2, 0.1, 0.05, 0.03])
        {
            var plans = Plan(new(new(1000, 300, 100)) { InterTokenSeconds = limit }, s_eightH100).Plans;
            if (plans.Count == 0) break;
            Assert.True(plans[0].PerHour.Amount >= last);
            last = plans[0].PerHour.Amount;
        }

        Assert.True(last > 0);
    }

    [Fact]
    public void What_has_no_price_comes_last_and_says_so()
    {
        var unpriced = s_eightH100 with { Name = "unpriced", Accelerator = AcceleratorTable.Bundled.Find("h200-sxm")!.Device, Price = new PriceAnswer.Unknown("nobody said") };
        var plans = Plan(new(new(1024, 256, 1)), unpriced, s_eightH100).Plans;
        Assert.Equal("big", plans[0].Offer.Name);
        Assert.Equal("nobody said", plans[^1].PerHour.Unknown);
        Assert.Null(plans[^1].PerHour.Amount);
    }

    [Fact]
    public void What_is_left_out_has_a_reason()
    {
        var offers = HardwareOffer.Of("aws", "us-east-1", PriceBook.Bundled, PriceKind.OnDemand);
        var found = ModelPlanner.Plan(s_llama70, new PlanGoal(new Traffic(1024, 256, 4)), offers, most: 100);
        Assert.Contains(found.Refused, static r => r.Accelerator.Contains("Trainium", StringComparison.Ordinal) && r.Reason.Contains("plugin", StringComparison.Ordinal));
        Assert.DoesNotContain(found.Plans, static p => p.Offer.Accelerator.Vendor == "aws");
        Assert.All(found.Refused, static r => Assert.NotEmpty(r.Reason));
        Assert.All(offers, o => Assert.True(found.Refused.Any(r => r.Accelerator == o.Accelerator.Name) || found.Plans.Any(p => p.Offer.Accelerator.Key == o.Accelerator.Key)));
    }

    [Fact]
    public void A_budget_leaves_out_what_costs_more()
    {
        Assert.Empty(Plan(new(new(1024, 256, 1)) { PerMonth = 100 }, s_eightH100).Plans);
        Assert.Contains("costs more", Plan(new(new(1024, 256, 1)) { PerMonth = 100 }, s_eightH100).Refused[0].Reason, StringComparison.Ordinal);
    }

    private static PlanResult Plan(PlanGoal goal, params HardwareOffer[] offers) => ModelPlanner.Plan(s_llama70, goal, offers, most: 10);

    private static ModelProfile Read(string config) => ((ConfigResult.Read)ConfigReader.Read("test/llama", Encoding.UTF8.GetBytes(config))).Profile;
}
