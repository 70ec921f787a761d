using Bunit;
using Microsoft.Extensions.DependencyInjection;
using Slipway.Capacity.Answers;
using Slipway.Capacity.Inventory.Watched;
using Slipway.Web.Hardware;
using Slipway.Web.Tests.Fakes;

namespace Slipway.Web.Tests.Hardware;

public sealed class CapacityPageTests : PageTest
{
    [Fact]
    public void A_node_shows_who_has_its_accelerators()
    {
        Answers.Capacity = FakeAnswers.Machine(64L << 30);
        Answers.Capacity = Answers.Capacity with
        {
            Of = "cluster",
            Nodes = [Answers.Capacity.Nodes[0] with { Name = "gpu-1", Devices = [new DeviceAnswer { Resource = "nvidia.com/gpu", Name = "H100", Total = 2, Used = 1, Free = 1, Holders = [new("default", "a-0", "default/a", 1)] }] }],
            Waiting = ["default/big-0"],
        };
        var page = Render<CapacityPage>();
        Assert.Equal("1 of 2 in use", page.Find(".units").GetAttribute("aria-label"));
        Assert.Equal(["unit used", "unit"], page.FindAll(".unit").Select(static u => u.GetAttribute("class")!.Trim()));
        Assert.Contains("1 in use, 1 free", page.Find(".facts").TextContent, StringComparison.Ordinal);
        Assert.Contains("1 pod waits for a place", page.Find(".notice").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_monitor_saw_of_devices_is_shown()
    {
        Answers.Capacity = FakeAnswers.Machine(64L << 30);
        Answers.Capacity = Answers.Capacity with
        {
            Of = "cluster",
            Nodes = [Answers.Capacity.Nodes[0] with { Readings = [new DeviceReading("GPU-0") { Name = "H100", Busy = 0.25 }, new DeviceReading("GPU-1") { Broken = "it is lost" }], HeldIdlePerHour = new CostAmount(1.5m, "USD", null, []) }],
        };
        var text = Render<CapacityPage>().Find(".nodes").TextContent;
        Assert.Contains("H100 GPU-0: 25 % busy", text, StringComparison.Ordinal);
        Assert.Contains("GPU-1: broken: it is lost", text, StringComparison.Ordinal);
        Assert.Contains("Held by pods and not computing: ", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Quotas_and_queues_are_shown_with_what_is_used()
    {
        Assert.DoesNotContain("Quotas and queues", Render<CapacityPage>().Markup, StringComparison.Ordinal);
        Answers.Capacity = Answers.Capacity with
        {
            Quotas = [new QuotaAnswer("team-a", "q", [], [new QuotaLimit("requests.nvidia.com/gpu", 8, 6, 2, "6 of 8 requests.nvidia.com/gpu used")])],
            Queues = [new QueueAnswer("team-a", "gpus", "team", 0, null, false, [], "queue gpus (ClusterQueue team)")],
        };
        var card = Render<CapacityPage>().FindAll(".card").Single(static c => c.TextContent.Contains("Quotas and queues", StringComparison.Ordinal)).TextContent;
        Assert.Contains("team-a/q", card, StringComparison.Ordinal);
        Assert.Contains("6 of 8 requests.nvidia.com/gpu used", card, StringComparison.Ordinal);
        Assert.Contains("queue gpus (ClusterQueue team)", card, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_right_is_said_and_the_page_can_look_again()
    {
        Answers.CapacityFault = new UnauthorizedAccessException("You may not list nodes.");
        var page = Render<CapacityPage>();
        Assert.Contains("You may not list nodes.", page.Find("[role=alert]").TextContent, StringComparison.Ordinal);
        Answers.CapacityFault = null;
        page.Find(".page-head button").Click();
        Assert.Empty(page.FindAll("[role=alert]"));
        Assert.Contains("laptop", page.Find(".facts").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Models_of_this_machine_lead_to_their_pages_and_come_by_themselves()
    {
        var page = Render<CapacityPage>();
        Assert.Contains("No model.", page.Markup, StringComparison.Ordinal);
        Deployments.LocalEngine = Given.Engine();
        Deployments.Put(Given.Ready("a"));
        page.WaitForAssertion(() => Assert.Equal("deployments/default/a", page.Find(".replicas a").GetAttribute("href")));
    }

    [Fact]
    public void What_was_spent_is_shown_by_day_with_this_month_in_all()
    {
        static CostAmount Usd(decimal amount) => new(amount, "USD", null, []);
        var now = Services.GetRequiredService<TimeProvider>().GetUtcNow().UtcDateTime;
        var month = new DateTimeOffset(now.Year, now.Month, 1, 0, 0, 0, TimeSpan.Zero);
        CostPeriod Day(int day, decimal spent) => new(month.AddDays(day), 7200, Usd(spent), Usd(1));
        Answers.Spent = new CostHistoryAnswer("day", null, [Day(-3, 100), Day(0, 12.5m), Day(1, 2.5m)], Usd(115));
        var card = Render<CapacityPage>().Find("#spent");
        Assert.Contains("15.00 USD", card.TextContent, StringComparison.Ordinal);
        Assert.Contains("in 4 h that were watched", card.TextContent, StringComparison.Ordinal);
        Assert.Contains("spent (USD): 2.5 at the end, 100 at most", card.QuerySelector("svg[role=img]")!.GetAttribute("aria-label"), StringComparison.Ordinal);
        // Days that nobody watched are a gap, not a line across.
        Assert.Equal(2, card.QuerySelectorAll("path.chart-line.accent").Single(static p => p.GetAttribute("d")!.Length > 10).GetAttribute("d")!.Count(static c => c == 'M'));
    }

    [Fact]
    public void Where_nothing_was_written_down_a_cluster_says_how_and_a_refusal_is_said()
    {
        Assert.DoesNotContain("--cost-history", Render<CapacityPage>().Markup, StringComparison.Ordinal);
        Answers.Capacity = Answers.Capacity with { Of = "cluster" };
        Assert.Contains("--cost-history", Render<CapacityPage>().Markup, StringComparison.Ordinal);
        Answers.SpentFault = new UnauthorizedAccessException("configmaps \"slipway-costs\" is forbidden");
        Assert.Contains("What was spent cannot be read: configmaps", Render<CapacityPage>().Find(".notice").TextContent, StringComparison.Ordinal);
    }
}
