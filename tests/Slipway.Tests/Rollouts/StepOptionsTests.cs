using System.CommandLine;
using System.Text.Json;
using Slipway.Api.Rollouts;
using Slipway.Commands.Rollouts;
using Slipway.Web.Rollouts.Begin;

namespace Slipway.Tests.Rollouts;

/// <summary>What `rollout start` makes of --shadow and --parity.</summary>
public sealed class StepOptionsTests
{
    [Theory]
    [InlineData("recorded", ShadowSource.Recorded, null, null)]
    [InlineData("recorded:300", ShadowSource.Recorded, 300, null)]
    [InlineData("live:10", ShadowSource.Live, null, 10)]
    public void A_shadow_is_read(string text, ShadowSource source, int? sample, int? percent) =>
        Assert.Equal((source, sample, percent), ShadowOptions.Read(text) is { } step ? (step.Source, step.Sample, step.Percent) : default);

    [Theory]
    [InlineData("--shadow takes recorded, recorded:N, or live:PERCENT", "--shadow", "live")]
    [InlineData("--shadow takes recorded, recorded:N, or live:PERCENT", "--shadow", "live:0")]
    [InlineData("--shadow takes recorded, recorded:N, or live:PERCENT", "--shadow", "recorded:none")]
    [InlineData("--shadow-graders needs --shadow recorded", "--shadow", "live:5", "--shadow-graders", "finish")]
    [InlineData("--shadow-margin needs --shadow-graders", "--shadow", "recorded", "--shadow-margin", "0.1")]
    [InlineData("\"nice\" is no grader", "--shadow", "recorded", "--shadow-graders", "finish,nice")]
    [InlineData("--parity takes limits such as", "--parity", "speed=3")]
    [InlineData("--parity takes limits such as", "--parity", "perplexity=0.5")]
    public void What_is_wrong_is_said(string said, params string[] arguments)
    {
        var (command, shadow, parity) = (new Command("start"), new ShadowOptions(), new ParityOption());
        shadow.AddTo(command);
        parity.AddTo(command);
        Assert.Contains(command.Parse(arguments).Errors, e => e.Message.Contains(said, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("'sideways'", "--strategy", "sideways")]
    [InlineData("'sideways'", "--strategy", "sideways", "--allow-downtime")]
    [InlineData("--allow-downtime is of --strategy swap", "--allow-downtime")]
    [InlineData("--allow-downtime is of --strategy swap", "--strategy", "Surge", "--allow-downtime")]
    [InlineData("--max-extra-accelerators is of --strategy surge", "--strategy", "swap", "--max-extra-accelerators", "1")]
    [InlineData("--budget-money takes a number from 0.01, not \"cheap\"", "--budget-money", "cheap")]
    public void What_is_wrong_about_capacity_is_said(string said, params string[] arguments)
    {
        var command = new Command("start");
        new CapacityOptions().AddTo(command);
        Assert.Contains(command.Parse(arguments).Errors, e => e.Message.Contains(said, StringComparison.Ordinal));
    }

    [Fact]
    public void Steps_are_in_the_order_of_what_they_cost()
    {
        var (command, shadow, parity, judge) = (new Command("start"), new ShadowOptions(), new ParityOption(), new GateJudgeOptions());
        shadow.AddTo(command);
        parity.AddTo(command);
        judge.AddTo(command);
        var parse = command.Parse(["--shadow", "recorded:50", "--shadow-graders", "[{type: rougeL, with: {threshold: 0.5}}, finish]", "--shadow-margin", "0.2", "--parity", "divergence=0.05,perplexity=1.1"]);
        Assert.Empty(parse.Errors);
        var draft = new RolloutDraft
        {
            Space = "default",
            Name = "r",
            Deployment = "m",
            Candidate = JsonDocument.Parse("{}").RootElement,
            Quality = new QualityGateSpec { SuiteRef = new LocalReference { Name = "s" } },
            Approve = true,
            Parity = parity.Of(parse, "s"),
            Shadow = shadow.Of(parse, judge),
        };
        var steps = draft.Rollout().Spec.Steps;
        Assert.True(steps is [{ Gates: not null }, { Parity: { MostDivergence: 0.05, MostPerplexityRatio: 1.1, LeastAgreement: null } }, { Shadow: not null }, { Pause: not null }, { Canary: not null }, { Canary: not null }]);
        Assert.Equal((50, 0.2, "rougeL", "finish"), (steps[2].Shadow!.Sample, steps[2].Shadow!.Margin, steps[2].Shadow!.Graders![0].Type, steps[2].Shadow!.Graders![1].Type));
        Assert.Equal(0.5, steps[2].Shadow!.Graders![0].With!.Value.GetProperty("threshold").GetDouble());
        Assert.Equal((null, null), (steps[2].Shadow!.Judge, steps[2].Shadow!.Embeddings));

        // Who judges and embeds for gates does so here, where a grader asks for it.
        string[] asked = ["--shadow", "recorded", "--judge", "oracle", "--embeddings", "vectors", "--shadow-graders", "[{type: not, with: {type: judge, with: {rubric: Rude?}}}, finish]"];
        var judged = shadow.Of(command.Parse(asked), judge)!;
        Assert.Equal(("oracle", null), (judged.Judge!.DeploymentRef.Name, judged.Embeddings));
        Assert.Equal("vectors", shadow.Of(command.Parse([.. asked[..^1], "embedding"]), judge)!.Embeddings!.DeploymentRef.Name);
    }
}
