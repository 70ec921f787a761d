using System.CommandLine;
using Slipway.Evaluation.Grading;
using Slipway.Evaluation.Grading.Judging;
using Slipway.Evaluation.Suites;

namespace Slipway.Commands.Evaluating;

/// <summary>The model that judges, where a suite wants one.</summary>
internal sealed class JudgeOptions
{
    private readonly Option<string?> _judge = new("--judge") { Description = "The model that judges, for suites with judge graders; NAME@URL for one behind any API in OpenAI's form", HelpName = "NAME" };
    private readonly Option<bool> _alone = new("--judge-alone") { Description = "Let a judge be the only one who grades a prompt" };
    private readonly Option<bool> _kin = new("--judge-kin") { Description = "Let it judge models of its own family, which models prefer" };

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[_judge, _alone, _kin]) command.Add(option);
    }

    /// <summary>Binds a suite to its judge.</summary>
    /// <returns>The suite, and the judge to be given back.</returns>
    /// <exception cref="CommandFailure">There is no judge where one is needed, or it may not judge.</exception>
    public (EvaluationSuite Suite, AskedModel? Judge) Bind(ParseResult parse, EvaluationSuite suite, Reach reach, TimeSpan longest, params IReadOnlyList<string> judged)
    {
        var wanted = suite.Prompts.Where(static p => p.Graders.Any(static g => g.Type == "judge")).ToList();
        if (suite.Prompts.SelectMany(static p => p.Graders).Any(static g => g.Type == "embedding"))
            throw new CommandFailure(ExitCodes.Failed, $"{suite.Name} grades by embeddings, which no command can compute yet.");
        if (wanted.Count == 0) return (suite, null);
        if (parse.GetValue(_judge) is not { } name) throw new CommandFailure(ExitCodes.Failed, $"{wanted.Count} prompts of {suite.Name} are graded by a judge: name one with --judge NAME or --judge NAME@URL.");
        if (!parse.GetValue(_alone) && wanted.Find(static p => p.Graders.All(static g => g.Type == "judge" || g.Weight == 0)) is { } alone)
            throw new CommandFailure(ExitCodes.Failed, $"Prompt {alone.Id} of {suite.Name} is graded by a judge alone, and a judge can be talked into anything. Add a grader that is none, or --judge-alone.");
        var asked = AskedModel.Of(name, reach, longest);
        if (Judge.Create(asked.Chat, name, judged, parse.GetValue(_kin), out var problem) is { } judge) return (new GradingServices { Judge = judge }.Bind(suite), asked);
        asked.Dispose();
        throw new CommandFailure(ExitCodes.Failed, $"{problem} (--judge-kin)");
    }
}
