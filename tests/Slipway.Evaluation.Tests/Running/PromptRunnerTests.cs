using Microsoft.Extensions.Time.Testing;
using Slipway.Evaluation.Chat;
using Slipway.Evaluation.Grading;
using Slipway.Evaluation.Running;
using Slipway.Evaluation.Suites;

namespace Slipway.Evaluation.Tests.Running;

public sealed class PromptRunnerTests
{
    private static readonly Prompt s_prompt = new("p", [new Message("user", "2+2?")]) { Expected = ["4"], Graders = [new GraderUse("exact", "exact", new ExactGrader(false, false))] };

    [Theory]
    [InlineData("4", 1.0)]
    [InlineData("5", 0.0)]
    [InlineData("", 0.0)]
    public async Task An_answer_is_graded(string text, double score)
    {
        var result = await RunAsync(new PlayedModel(_ => PlayedModel.Says(text)));
        Assert.Equal(score, result.Score);
        Assert.Equal(score == 1 ? "" : $"exact: expected \"4\", not \"{text}\"", result.Reason);
    }

    [Theory]
    [InlineData(FailureKind.Model)]
    [InlineData(FailureKind.Request)]
    public async Task A_request_that_came_to_nothing_is_a_wrong_answer_and_is_not_tried_again(FailureKind kind)
    {
        var model = new PlayedModel(_ => PlayedModel.Fails(kind));
        var result = await RunAsync(model);
        Assert.Equal((0, "it is so", 1), (result.Score!.Value, result.Reason, model.Asked.Count));
        Assert.Empty(result.Grades);
    }

    [Fact]
    public async Task Nobody_goes_on_asking_where_asking_is_refused() =>
        await Assert.ThrowsAsync<SetupException>(() => RunAsync(new PlayedModel(_ => PlayedModel.Fails(FailureKind.Setup))));

    [Fact]
    public async Task Too_many_requests_are_asked_again_when_the_server_says_so()
    {
        var (time, asked) = (new FakeTimeProvider(), 0);
        var again = new TaskCompletionSource();
        var model = new PlayedModel(_ =>
        {
            if (++asked > 1) return PlayedModel.Says("4");
            again.SetResult();
            return PlayedModel.Fails(FailureKind.Infrastructure, TimeSpan.FromSeconds(20));
        });
        var running = new PromptRunner(time).RunAsync(model, s_prompt, new RequestSettings(), TestContext.Current.CancellationToken);
        await again.Task;
        time.Advance(TimeSpan.FromSeconds(19));
        Assert.False(running.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(1, (await running).Score);
    }

    [Fact]
    public async Task What_infrastructure_never_lets_through_is_missing_and_neither_right_nor_wrong()
    {
        var model = new PlayedModel(_ => PlayedModel.Fails(FailureKind.Infrastructure));
        var result = await new PromptRunner(TimeProvider.System) { Pause = TimeSpan.Zero, Attempts = 3 }.RunAsync(model, s_prompt, new RequestSettings(), TestContext.Current.CancellationToken);
        Assert.True(result.IsMissing);
        Assert.Equal(("missing: it is so", 3), (result.Reason, model.Asked.Count));
    }

    [Fact]
    public async Task Results_survive_being_written_down()
    {
        foreach (var answer in (Answer[])[PlayedModel.Says("4") with { ToolCalls = [new ToolCall("f", "{}")], PromptTokens = 3, CompletionTokens = 1, FirstToken = TimeSpan.FromMilliseconds(5) }, PlayedModel.Fails(FailureKind.Model)])
        {
            var result = await RunAsync(new PlayedModel(_ => answer));
            var line = ResultJson.Write(result).ToJsonString();
            Assert.Equal(line, ResultJson.Write(ResultJson.Read(System.Text.Json.Nodes.JsonNode.Parse(line))).ToJsonString());
        }

        Assert.Throws<FormatException>(() => ResultJson.Read(System.Text.Json.Nodes.JsonNode.Parse("""{"prompt":"p"}""")));
    }

    private static Task<PromptResult> RunAsync(PlayedModel model) =>
        new PromptRunner(TimeProvider.System).RunAsync(model, s_prompt, new RequestSettings(), TestContext.Current.CancellationToken);
}
