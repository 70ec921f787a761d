using CsCheck;
using Slipway.Capacity.Answers;
using Slipway.Capacity.Cost;
using Slipway.Capacity.Inventory;
using Slipway.Capacity.Prices;
using Slipway.Capacity.Tests.Inventory;
using static Slipway.Capacity.Tests.Answers.CapacityAnswerTests;

namespace Slipway.Capacity.Tests.Answers;

public sealed class CostsAnswerTests
{
    private static readonly RunningModel s_qwen = new("default", "qwen", 1, false);

    [Fact]
    public void A_month_so_far_is_what_runs_since_it_was_made_or_the_month_began()
    {
        // The 11th at midnight: 240 hours of November are gone, 480 are left.
        var answer = Costs([Of("qwen", Cluster.Pod("new", "a", 1)) with { Created = Now.AddHours(-10) }, Of("qwen", Cluster.Pod("old", "a", 1)) with { Created = Now.AddDays(-90) }], s_qwen);
        var price = Assert.Single(answer.Prices).PerHour!.Value;
        var row = Assert.Single(answer.Rows);
        Assert.Equal(("default/qwen", 2), (row.Name, row.Pods));
        Assert.Equal(price, row.PerHour.Amount);
        Assert.Equal(Math.Round(price / 2 * (10 + 240), 6), row.MonthSoFar.Amount!.Value, 5);
        Assert.Equal(Math.Round(price / 2 * (10 + 240) + price * 480, 6), row.Forecast.Amount!.Value, 5);
        Assert.StartsWith("estimated", answer.MonthBasis, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(CostGrouping.Deployment, "one/m two/m")]
    [InlineData(CostGrouping.Namespace, "one two")]
    [InlineData(CostGrouping.Node, "a b")]
    public void Rows_are_what_was_asked_for_and_always_add_up(CostGrouping by, string names)
    {
        PodFacts[] pods = [Of("m", Cluster.Pod("p", "a", 1, space: "one")), Of("m", Cluster.Pod("q", "b", 1, space: "two")), Cluster.Pod("r", "b", 1, space: "two")];
        var answer = CostsAnswer.Of(View([Azure("a", 2), Azure("b", 2)], [.. pods.Select(static p => p with { Created = Now })], new("one", "m", 1, false), new("two", "m", 1, false)), PriceBook.Bundled, by, null, Now);
        Assert.Equal(names.Split(' '), answer.Rows.Select(static r => r.Name));
        Assert.Equal(answer.Models.PerHour.Amount, answer.Rows.Sum(static r => r.PerHour.Amount));
        Assert.Equal(answer.NodesPerHour.Amount, answer.Models.PerHour.Amount + answer.OthersPerHour.Amount + answer.IdlePerHour.Amount);
        Assert.Single(CostsAnswer.Of(View([], [], new("one", "m", 1, false), new("two", "m", 1, false)), PriceBook.Bundled, by, "one", Now).Rows);
    }

    [Fact]
    public void The_bill_is_models_others_and_idle() =>
        Gen.Select(Gen.Int[0, 2], Gen.Int[0, 3], Gen.Bool).Array[0, 12].Sample(static pods =>
        {
            var facts = pods.Select(static (p, i) => p.Item3 ? Of("qwen", Cluster.Pod($"p{i}", $"n{p.Item1}", p.Item2)) : Cluster.Pod($"p{i}", $"n{p.Item1}", p.Item2)).ToArray();
            var answer = CostsAnswer.Of(View([Azure("n0", 4), Azure("n1", 4)], facts, s_qwen), PriceBook.Bundled, CostGrouping.Deployment, null, Now);
            Assert.Equal(answer.NodesPerHour.Amount!.Value, answer.Models.PerHour.Amount!.Value + answer.OthersPerHour.Amount!.Value + answer.IdlePerHour.Amount!.Value, 4);
        });

    [Fact]
    public void What_waits_costs_nothing_and_what_runs_on_this_machine_is_unknown()
    {
        var answer = Costs([], s_qwen, new("default", "mine", 1, true), new("default", "off", 0, true));
        Assert.Equal([null, 0m, 0m], answer.Rows.Select(static r => r.PerHour.Amount));
        Assert.Contains("default/mine runs on this machine", answer.Rows[0].PerHour.Unknown, StringComparison.Ordinal);
        Assert.Null(answer.Models.PerHour.Amount);
    }

    [Fact]
    public void A_pod_that_does_not_say_since_when_it_runs_has_no_month()
    {
        var row = Assert.Single(Costs([Of("qwen", Cluster.Pod("p", "a", 2))], s_qwen).Rows);
        Assert.NotNull(row.PerHour.Amount);
        Assert.Null(row.MonthSoFar.Amount);
    }

    [Theory]
    [InlineData(100_000, "USD", true, "will be spent")]
    [InlineData(1, "USD", false, "are spent (100 % reached)")]
    [InlineData(100_000, "EUR", null, "Costs in USD are not counted")]
    public void A_budget_holds_only_when_all_costs_are_known_in_its_currency(int limit, string currency, bool? holds, string message)
    {
        var view = View([Azure("a", 2)], [Of("qwen", Cluster.Pod("p", "a", 2)) with { Created = Now.AddDays(-90) }], s_qwen);
        var budget = CostsAnswer.Of(view, PriceBook.Bundled, CostGrouping.Deployment, null, Now, new Budget("", limit, currency, Budget.UsualThresholds)).Budget!;
        Assert.Equal(holds, budget.Holds);
        Assert.Contains(message, budget.Message, StringComparison.Ordinal);
    }

    private static CostsAnswer Costs(PodFacts[] pods, params RunningModel[] models) => CostsAnswer.Of(View([Azure("a", 2)], pods, models), PriceBook.Bundled, CostGrouping.Deployment, null, Now);
}
