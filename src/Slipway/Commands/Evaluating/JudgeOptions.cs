using System.CommandLine;
using Slipway.Evaluation.Grading;
using Slipway.Evaluation.Grading.Embeddings;
using Slipway.Evaluation.Grading.Judging;
using Slipway.Evaluation.Suites;

namespace Slipway.Commands.Evaluating;

/// <summary>The models that help to grade, where a suite wants them: one that judges, and one that embeds.</summary>
internal sealed class JudgeOptions
{
    private readonly Option<string?> _judge = new("--judge") { Description = "The model that judges, for suites with judge graders; NAME@URL for one behind any API in OpenAI's form", HelpName = "NAME" };
    private readonly Option<bool> _alone = new("--judge-alone") { Description = "Let a judge be the only one who grades a prompt" };
    private readonly Option<bool> _kin = new("--judge-kin") { Description = "Let it judge models of its own family, which models prefer" };

    private readonly Option<string?> _embeddings = new("--embeddings") { Description = "The model that embeds, for suites with embedding graders; NAME@URL for one behind any API in OpenAI's form", HelpName = "NAME" };

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[_judge, _alone, _kin, _embeddings]) command.Add(option);
    }

    /// <summary>Binds a suite to the models that help to grade it.</summary>
    /// <returns>The suite, and those models to be given back.</returns>
    /// <exception cref="CommandFailure">There is none where one is needed, or it may not judge.</exception>
    public (EvaluationSuite Suite, IDisposable Helpers) Bind(ParseResult parse, EvaluationSuite suite, Reach reach, TimeSpan longest, params IReadOnlyList<string> judged)
    {
        var (bound, embedder) = Embedded(parse, suite, reach, longest);
        try
        {
            (bound, var judge) = Judged(parse, bound, reach, longest, judged);
            return (bound, new Helpers(embedder, judge));
        }
        catch
        {
            embedder?.Dispose();
            throw;
        }
    }

    private (EvaluationSuite Suite, AskedModel? Embedder) Embedded(ParseResult parse, EvaluationSuite suite, Reach reach, TimeSpan longest)
    {
        var name = parse.GetValue(_embeddings);
        var (wants, problem) = EmbeddingRules.Check(suite, name is not null);
        if (problem is not null) throw new CommandFailure(ExitCodes.Failed, $"{problem}: name an embedding model with --embeddings NAME or --embeddings NAME@URL.");
        if (!wants) return (suite, null);
        var asked = AskedModel.Of(name!, reach, longest);
        return (new GradingServices { Embeddings = asked.Embeddings }.Bind(suite), asked);
    }

    private (EvaluationSuite Suite, AskedModel? Judge) Judged(ParseResult parse, EvaluationSuite suite, Reach reach, TimeSpan longest, IReadOnlyList<string> judged)
    {
        var name = parse.GetValue(_judge);
        var (wrong, words) = JudgeRules.Check(suite, name is not null, parse.GetValue(_alone));
        if (wrong is not JudgeProblem.None)
        {
            throw new CommandFailure(ExitCodes.Failed, wrong switch
            {
                JudgeProblem.Missing => $"{words}: name one with --judge NAME or --judge NAME@URL.",
                _ => $"{words}, or --judge-alone.",
            });
        }

        if (name is null || !JudgeRules.Wants(suite)) return (suite, null);
        var asked = AskedModel.Of(name, reach, longest);
        if (Judge.Create(asked.Chat, name, judged, parse.GetValue(_kin), out var problem) is { } judge) return (new GradingServices { Judge = judge }.Bind(suite), asked);
        asked.Dispose();
        throw new CommandFailure(ExitCodes.Failed, $"{problem} (--judge-kin)");
    }

    private sealed class Helpers(params IReadOnlyList<AskedModel?> models) : IDisposable
    {
        public void Dispose()
        {
            foreach (var model in models) model?.Dispose();
        }
    }
}
