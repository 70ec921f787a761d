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
        var name = parse.GetValue(_judge);
        var (wrong, words) = JudgeRules.Check(suite, name is not null, parse.GetValue(_alone));
        if (wrong is not JudgeProblem.None)
        {
            throw new CommandFailure(ExitCodes.Failed, wrong switch
            {
                JudgeProblem.Missing => $"{words}: name one with --judge NAME or --judge NAME@URL.",
                JudgeProblem.Alone => $"{words}, or --judge-alone.",
                _ => $"{words}.",
            });
        }

        if (name is null || !JudgeRules.Wants(suite)) return (suite, null);
        var asked = AskedModel.Of(name, reach, longest);
        if (Judge.Create(asked.Chat, name, judged, parse.GetValue(_kin), out var problem) is { } judge) return (new GradingServices { Judge = judge }.Bind(suite), asked);
        asked.Dispose();
        throw new CommandFailure(ExitCodes.Failed, $"{problem} (--judge-kin)");
    }
}
