using System.Text.Json.Nodes;
using Slipway.Api.Rollouts;
using Slipway.Evaluation.Statistics;
using Slipway.Operator.Rollouts;
using Slipway.Operator.Rollouts.Shadowing;

namespace Slipway.Operator.Tests.Rollouts.Shadowing;

public sealed class ShadowSetupTests
{
    private static readonly ShadowStep s_step = new() { Source = ShadowSource.Recorded };

    [Fact]
    public void The_order_is_by_seed_and_what_is_behind_it_is_not_drawn_again_whatever_came_and_went()
    {
        var tape = Tape.Of(300);
        var whole = Ids(Of(tape, s_step).Setup!);
        Assert.Equal(300, whole.Length);
        Assert.NotEqual(whole, Ids(Of(tape, s_step with { Seed = 2 }).Setup!));
        Assert.Equal(whole[..120], Ids(Of(tape, s_step with { Sample = 120 }).Setup!));

        // Some are not kept any more, and others were recorded since.
        var position = Of(tape, s_step).Setup!.Units[99].Position;
        tape.Lines.RemoveRange(0, 20);
        for (var i = 0; i < 50; i++) tape.Add("new", "!");
        var rest = Ids(Of(tape, s_step, new ShadowStatus { Source = ShadowSource.Recorded, Verdict = "Running", Position = position, Asked = 100 }).Setup!);
        Assert.Empty(rest.Intersect(whole[..100]));
        Assert.Equal(whole[100..].Where(id => string.CompareOrdinal(id, "r0020") >= 0), rest.Where(static id => string.CompareOrdinal(id, "r0300") < 0));
    }

    [Fact]
    public void A_conversation_counts_once_and_is_drawn_whole()
    {
        var tape = new Tape();
        for (var i = 0; i < 120; i++) tape.Add("?", "!", session: $"s{i / 3}");
        var setup = Of(tape, s_step with { Sample = 100, AllowUnderpowered = true }).Setup!;
        Assert.Equal((34, 102), (setup.Units.Length, setup.Requests));
        Assert.All(setup.Units, static u => Assert.Equal(3, u.Requests.Length));
    }

    [Fact]
    public void What_cannot_be_asked_again_as_it_was_is_left_out_and_counted()
    {
        var tape = Tape.Of(200);
        tape.Add("of another", "!", deployment: "default/other");
        tape.Add("a picture", "!", change: static l => l["request"]!["messages"]![0]!["content"] = new JsonArray(new JsonObject { ["type"] = "image_url", ["image_url"] = new JsonObject { ["url"] = "[data]" } }));
        tape.Add("elsewhere", "!", change: static l => l["url"] = "/v1/completions");
        tape.Add("redacted too far", "!", change: static l => l["request"]!["tools"] = new JsonArray(new JsonObject { ["maximum"] = "[number]" }));
        tape.Add("no text", "", change: static l => l["response"]!["choices"]![0]!["message"]!["tool_calls"] = new JsonArray(new JsonObject { ["function"] = new JsonObject { ["name"] = "f", ["arguments"] = "{\"a\":1}" } }));
        tape.Lines.Add("no JSON");
        Assert.Equal(3, Of(tape, s_step).Setup!.LeftOut);
        var rouge = Of(tape, s_step with { Graders = [new EvaluationGrader { Type = "rougeL" }], Margin = 0.2 }).Setup!;
        Assert.Equal((200, 4), (rouge.Units.Length, rouge.LeftOut));
        Assert.Equal(201, Of(tape, s_step with { Graders = [new EvaluationGrader { Type = "toolCall" }], Margin = 0.2 }).Setup!.Units.Length);
    }

    public static TheoryData<string, string> Obstacles => new()
    {
        { "nothing asked for", "namespace default does not ask for it: kubectl annotate namespace default slipway.dev/record=10%" },
        { "nothing yet", "is recorded yet that can be asked again: the shadow step begins once users have asked" },
        { "few", "cannot show that requests do not fail: 20 recorded requests of m can be asked again, and it takes {n}. Wait until more are recorded, or set allowUnderpowered" },
        { "small sample", "and it takes {n}. Take a larger sample, or set allowUnderpowered" },
        { "fewer than wanted", "wants 500 requests at least, and 200 that m answered are recorded" },
        { "graders", "where a margin of 0.01 takes about" },
        { "judge", "graded by a judge: name a deployment that is to judge in its judge.deploymentRef" },
        { "judge alone", "graded by a judge alone, and a judge can be talked into anything: add a grader that is none, or set its judge.alone" },
        { "no such judge", "names oracle for a judge, which is no ModelDeployment here" },
        { "embedding", "graded by embeddings: name a deployment of an embedding model in its embeddings.deploymentRef, or take rougeL or chrF" },
        { "no such embedder", "names oracle for embeddings, which is no ModelDeployment here" },
        { "no grader", "graders cannot be used: graders[0].type \"nice\" is no grader" },
        { "nobody records", "which has none here: leave the step out" },
        { "unreadable", "The recordings of namespace default cannot be read: no key" },
    };

    [Theory]
    [MemberData(nameof(Obstacles))]
    public void What_is_missing_is_said_before_anything_is_begun_with_what_to_do(string what, string said)
    {
        var grader = new EvaluationGrader { Type = "chrF" };
        var (tape, step) = what switch
        {
            "nothing asked for" => (new Tape { Asked = false }, s_step),
            "nothing yet" => (new Tape(), s_step),
            "few" => (Tape.Of(20), s_step),
            "small sample" => (Tape.Of(200), s_step with { Sample = 30 }),
            "fewer than wanted" => (Tape.Of(200), s_step with { MinRequests = 500 }),
            "graders" => (Tape.Of(200), s_step with { Graders = [grader], Margin = 0.01 }),
            "judge" => (Tape.Of(200), s_step with { Graders = [Judged, grader] }),
            "judge alone" => (Tape.Of(200), s_step with { Graders = [Judged], Judge = new JudgeSpec { DeploymentRef = new LocalReference { Name = "oracle" } } }),
            "no such judge" => (Tape.Of(200), s_step with { Graders = [Judged, grader], Judge = new JudgeSpec { DeploymentRef = new LocalReference { Name = "oracle" } } }),
            "embedding" => (Tape.Of(200), s_step with { Graders = [grader with { Type = "embedding" }] }),
            "no such embedder" => (Tape.Of(200), s_step with { Graders = [grader with { Type = "embedding" }], Embeddings = new EmbeddingsSpec { DeploymentRef = new LocalReference { Name = "oracle" } } }),
            "no grader" => (Tape.Of(200), s_step with { Graders = [grader with { Type = "nice" }] }),
            "unreadable" => (Tape.Of(200), s_step),
            _ => (null, s_step),
        };
        IRecordedTraffic? recorded = what == "unreadable" ? new Locked() : tape;
        var (setup, problem) = ShadowSetup.Of(step, Tape.Rollout(step), recorded, null, Tape.Nobody);
        Assert.Null(setup);
        Assert.Contains(said.Replace("{n}", $"{new RateLimit(0.05, 0.05, 0.05 / RolloutSteps.Tests(Tape.Rollout(step).Spec)).More(0, 0)}", StringComparison.Ordinal), problem, StringComparison.Ordinal);
    }

    private static EvaluationGrader Judged => new() { Type = "judge", With = System.Text.Json.JsonDocument.Parse("""{"rubric":"Helpful?","choices":{"yes":1,"no":0}}""").RootElement };

    private static (ShadowSetup? Setup, string? Problem) Of(Tape tape, ShadowStep step, ShadowStatus? behind = null) => ShadowSetup.Of(step, Tape.Rollout(step), tape, behind, Tape.Nobody);

    private static string[] Ids(ShadowSetup setup) => [.. setup.Units.SelectMany(static u => u.Requests).Select(static r => r.Prompt.Id)];

    private sealed class Locked : IRecordedTraffic
    {
        public bool IsAsked(string ns) => true;

        public IEnumerable<string> Read(string ns) => throw new IOException("no key");
    }
}
