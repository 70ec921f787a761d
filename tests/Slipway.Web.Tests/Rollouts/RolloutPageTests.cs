using Bunit;
using Slipway.Api.Rollouts;
using Slipway.Web.Deployments;
using Slipway.Web.Rollouts;
using Slipway.Web.Tests.Fakes;

namespace Slipway.Web.Tests.Rollouts;

public sealed class RolloutPageTests : PageTest
{
    [Theory]
    [InlineData(RolloutPhase.Paused, "Approve|Abort")]
    [InlineData(RolloutPhase.Progressing, "Abort")]
    [InlineData(RolloutPhase.Promoting, "Undo")]
    [InlineData(RolloutPhase.Promoted, "Delete")]
    [InlineData(RolloutPhase.RolledBack, "Delete")]
    public void What_can_be_done_depends_on_where_it_is(RolloutPhase phase, string buttons)
    {
        Rollouts.Put(FakeRollouts.Rollout("r", phase, 1));
        Assert.Equal(buttons, string.Join('|', Open().FindAll(".page-head button").Select(static b => b.TextContent)));
    }

    [Fact]
    public void An_approval_says_what_follows_and_is_sent_once_confirmed()
    {
        Rollouts.Put(FakeRollouts.Rollout("r", RolloutPhase.Paused, 1));
        var page = Open();
        page.Find(".page-head .primary").Click();
        Assert.Contains("the candidate answers 10 of 100 requests of users", page.Find("#approve").TextContent, StringComparison.Ordinal);
        Assert.DoesNotContain("slipway rollout approve", page.Find(".notice").TextContent, StringComparison.Ordinal);
        Assert.Empty(Rollouts.Asked);
        page.Find("#approve .primary").Click();
        Assert.Equal(["approve r"], Rollouts.Asked);
    }

    [Fact]
    public void One_that_is_over_may_be_cleared_away_and_what_is_lost_is_said_before()
    {
        Rollouts.Put(FakeRollouts.Rollout("r", RolloutPhase.Promoted));
        var page = Open();
        page.Find(".page-head .danger").Click();
        Assert.Contains("slipway rollout record r", page.Find("#remove").TextContent, StringComparison.Ordinal);
        Assert.Empty(Rollouts.Asked);
        page.Find("#remove .solid").Click();
        Assert.Equal(["delete r"], Rollouts.Asked);
    }

    [Fact]
    public void Errors_stand_beside_those_of_the_control_replica()
    {
        Rollouts.Put(FakeRollouts.Rollout("r", RolloutPhase.Progressing, 2, static s => s with { Traffic = new TrafficStatus { Requests = 200, Failures = 3, ControlRequests = 190, ControlFailures = 4 } }));
        var rows = Open().FindAll("tr").Select(static r => string.Join('|', r.QuerySelectorAll("td").Select(static c => c.TextContent)));
        Assert.Contains("Requests that fail, at most so many points more than the control replica's|200|3|1.5 %|5 %", rows);
        Assert.Contains("The control replica's that fail|190|4|2.1 %|5 %", rows);
    }

    [Fact]
    public void A_refusal_to_abort_is_said()
    {
        Rollouts.Put(FakeRollouts.Rollout("r", RolloutPhase.Progressing));
        Rollouts.Refusal = "You may not.";
        var page = Open();
        page.Find(".page-head .danger").Click();
        Assert.Contains("All requests go to a as it was", page.Find("#abort").TextContent, StringComparison.Ordinal);
        page.Find("#abort .solid").Click();
        Assert.Equal(["abort r"], Rollouts.Asked);
        Assert.Contains("You may not.", page.Find("[role=alert]").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Evidence_is_drawn_against_both_boundaries_and_read_again_as_it_grows()
    {
        Rollouts.Findings = new([], [new(1, 0.2, 0), new(2, 0.1, 0.5)]);
        Rollouts.Put(FakeRollouts.Rollout("r", RolloutPhase.Progressing, 0, static s => s with { Gates = [FakeRollouts.Gate("Running", 10)] }));
        var page = Open();
        Assert.Equal(["passes here", "fails here"], page.FindAll("text.good, text.bad").Select(static t => t.TextContent));
        Assert.Equal("Evidence, pair by pair. After 2 pairs the evidence for a pass is 10 % of what passes it, and that for a failure 50 % of what fails it.", page.FindAll("svg[role=img]").Select(static s => s.GetAttribute("aria-label")).Last());
        Rollouts.Put(FakeRollouts.Rollout("r", RolloutPhase.Progressing, 0, static s => s with { Gates = [FakeRollouts.Gate("Running", 20)] }));
        page.WaitForAssertion(() => Assert.Equal(["read g 10", "read g 20"], Rollouts.Asked));
    }

    [Theory]
    [InlineData(null, null, "a false failure in 5 %")]
    [InlineData(GateMethod.GroupSequential, 4, "a false failure in 5 %; decided at 4 planned looks alone")]
    [InlineData(GateMethod.Fixed, 1, "a false failure in 5 %; decided at the end alone")]
    public void A_gate_says_when_it_is_decided(GateMethod? method, int? looks, string words)
    {
        Rollouts.Put(FakeRollouts.Rollout("r", RolloutPhase.Progressing, 0, s => s with { Gates = [FakeRollouts.Gate("Running", 10) with { Method = method, Looks = looks }] }));
        Assert.EndsWith(words, Open().FindAll(".gate-facts small")[^1].TextContent, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(RolloutPhase.Progressing, "Being asked")]
    [InlineData(RolloutPhase.RolledBack, "Broken off")]
    public void A_gate_of_a_rollout_that_ended_is_asked_no_more(RolloutPhase phase, string words)
    {
        Rollouts.Put(FakeRollouts.Rollout("r", phase, 0, static s => s with { Gates = [FakeRollouts.Gate("Running", 10)] }));
        Assert.Equal(words, Open().Find(".card-head .chip").TextContent);
    }

    [Fact]
    public void Pairs_are_read_side_by_side_and_kept_by_outcome()
    {
        Rollouts.Findings = new([.. Enumerable.Range(0, 12).Select(static i => Pair($"p{i}", 1, 1)), Pair("lost", 1, 0), Pair("won", 0, 1), Pair("none", 1, null)], []);
        Rollouts.Put(FakeRollouts.Rollout("r", RolloutPhase.Progressing, 0, static s => s with { Gates = [FakeRollouts.Gate("Fail", 15)] }));
        var page = Open();
        Assert.Equal(["All 15", "Worse 1", "Better 1", "Same 12", "Missing 1"], page.FindAll(".tabs[aria-label='Which pairs'] button").Select(static b => b.TextContent));
        Assert.Equal(10, page.FindAll(".pair").Count);
        page.FindAll("button").First(static b => b.TextContent == "Later").Click();
        Assert.Equal(5, page.FindAll(".pair").Count);
        page.FindAll("button").First(static b => b.TextContent == "Worse 1").Click();
        Assert.Contains("lost", Assert.Single(page.FindAll(".pair")).TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Limits_of_requests_and_times_stand_beside_what_was_seen()
    {
        Rollouts.Put(FakeRollouts.Rollout("r", RolloutPhase.Progressing, 2, static s => s with
        {
            Traffic = new TrafficStatus { Requests = 200, Failures = 3, Latency = [new LatencyEvidence { Measure = LatencyMeasure.FirstToken, LimitSeconds = 0.3, Requests = 180, Slower = 9, Sizes = [new() { UpToBytes = 1024, LimitSeconds = 0.1 }, new() { LimitSeconds = 2 }] }] },
        }));
        Assert.Equal(["Requests that fail|200|3|1.5 %|5 %", "First token later than 300 ms (by size: 100 ms to 1 KiB, 2 s above)|180|9|5 %|10 %"], Open().FindAll("tbody tr").Select(static r => string.Join('|', r.Children.Select(static c => c.TextContent))));
    }

    [Fact]
    public void What_it_may_spend_and_who_has_whose_replicas_is_said()
    {
        var rollout = FakeRollouts.Rollout("r", RolloutPhase.Progressing, 0, static s => s with
        {
            BudgetUsed = new BudgetUsed { Requests = 120, AcceleratorSeconds = 60 },
            Capacity = new CapacityStatus { Replicas = 3, StableReplicas = 2, CandidateReplicas = 1 },
        });
        Rollouts.Put(rollout with { Spec = rollout.Spec with { Budget = new RolloutBudget { Requests = 500, AcceleratorSeconds = 7200 } } });
        var page = Open();
        Assert.Equal("120 of 500 requests, 60 of 7200 accelerator seconds used", page.Find("[data-budget]").TextContent);
        Assert.Contains("with 1 replica, while a has 2 of 3", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void A_deployment_that_is_changed_leads_to_its_rollout()
    {
        Deployments.Put(Given.Ready("a"));
        Rollouts.Put(FakeRollouts.Rollout("r", RolloutPhase.Progressing));
        var page = Render<DeploymentPage>(static p => p.Add(d => d.Space, "default").Add(d => d.Name, "a"));
        Assert.Equal("rollouts/default/r", page.Find(".notice a").GetAttribute("href"));
        Rollouts.Put(FakeRollouts.Rollout("r", RolloutPhase.Promoted));
        page.WaitForAssertion(() => Assert.Empty(page.FindAll(".notice a")));
    }

    [Fact]
    public void The_list_says_how_to_begin_and_then_what_goes_on()
    {
        var page = Render<RolloutsPage>();
        Assert.Contains("slipway rollout start", page.Markup, StringComparison.Ordinal);
        Rollouts.Put(FakeRollouts.Rollout("r", RolloutPhase.Paused, 1));
        page.WaitForAssertion(() => Assert.Contains("Waits for you", page.Find("tbody tr").TextContent, StringComparison.Ordinal));
        Assert.Contains("2 of 3", page.Find("tbody tr").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_that_is_not_there_leads_back() => Assert.Contains("There is no rollout r in default", Open().Markup, StringComparison.Ordinal);

    private static GatePair Pair(string name, double? a, double? b) => new(name, $"Q {name}", new PairSide("A", a, "", 0.1), new PairSide("B", b, "", 0.1));

    private IRenderedComponent<RolloutPage> Open() => Render<RolloutPage>(static p => p.Add(d => d.Space, "default").Add(d => d.Name, "r"));
}
