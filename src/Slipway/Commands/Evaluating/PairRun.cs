using System.Collections.Immutable;
using System.Globalization;
using Slipway.Evaluation.Chat;
using Slipway.Evaluation.Comparing;
using Slipway.Evaluation.Running;
using Slipway.Evaluation.Statistics;
using Slipway.Evaluation.Suites;

namespace Slipway.Commands.Evaluating;

/// <summary>A prompt with what both models made of it.</summary>
internal sealed record Pair(Prompt Prompt, PromptResult Baseline, PromptResult Candidate);

/// <summary>What a comparison saw.</summary>
/// <param name="Pairs">Every pair asked.</param>
/// <param name="Looks">The judgement after each pair.</param>
/// <param name="Evidence">What it came to.</param>
/// <param name="State">The verdict.</param>
/// <param name="DecidedAfter">Pairs after which the verdict stood; null when there is none.</param>
internal sealed record PairsSeen(ImmutableArray<Pair> Pairs, ImmutableArray<Judgement> Looks, PairedEvidence Evidence, ComparisonState State, long? DecidedAfter);

/// <summary>Asks two models the same prompts, both at the same time, so that whatever else the machines do meets both.</summary>
internal sealed class PairRun(PromptRunner runner, AskedModel baseline, AskedModel candidate, RequestSettings settings, ResultFile file)
{
    // A model that is compared with itself is two models to the file of results.
    private readonly string _first = baseline.Name, _second = candidate.Name == baseline.Name ? candidate.Name + " again" : candidate.Name;

    public async Task<PairsSeen> RunAsync(EvaluationSuite suite, ImmutableArray<Prompt> prompts, Comparison comparison, int concurrency, bool all, CancellationToken cancellationToken)
    {
        var pairs = ImmutableArray.CreateBuilder<Pair>();
        var looks = ImmutableArray.CreateBuilder<Judgement>();
        long? decided = null;
        if (file.Known > 0) await Console.Error.WriteLineAsync($"{file.Known} answers are known from an earlier run.");
        try
        {
            await EvaluationScreen.ProgressAsync($"{suite.Name}: asking both", prompts.Length, async done =>
            {
                var (left, right) = (new Outage(), new Outage());
                await foreach (var (_, unit) in SuiteRun.InOrderAsync(Sampling.Units(prompts), UnitAsync, concurrency, cancellationToken))
                {
                    pairs.AddRange(unit);
                    foreach (var pair in unit)
                    {
                        left.Note(_first, pair.Baseline);
                        right.Note(_second, pair.Candidate);
                    }

                    var state = comparison.Add([.. unit.Select(static p => (p.Baseline, p.Candidate))]);
                    if (looks.Count < comparison.Evidence.Units) looks.Add(state.Judgement);
                    if (decided is null && state.Verdict is not Verdict.Undecided) decided = comparison.Evidence.Units;
                    var counts = comparison.Evidence.Counts;
                    done(string.Create(CultureInfo.InvariantCulture, $"{suite.Name}: {pairs.Count} pairs, {counts.Better} better, {counts.Worse} worse"), unit.Length);
                    if (decided is not null && !all) break;
                }
            });
        }
        catch (SetupException refused)
        {
            throw new CommandFailure(ExitCodes.Failed, $"A model cannot be asked: {refused.Message}");
        }

        return new PairsSeen(pairs.ToImmutable(), looks.ToImmutable(), comparison.Evidence, comparison.State, decided);
    }

    private Task<Pair[]> UnitAsync(ImmutableArray<Prompt> unit, CancellationToken cancellationToken) => Task.WhenAll(unit.Select(p => PairAsync(p, cancellationToken)));

    private async Task<Pair> PairAsync(Prompt prompt, CancellationToken cancellationToken)
    {
        var (a, b) = (OneAsync(baseline.Chat, _first, prompt, cancellationToken), OneAsync(candidate.Chat, _second, prompt, cancellationToken));
        await Task.WhenAll(a, b);
        return new Pair(prompt, await a, await b);
    }

    private async Task<PromptResult> OneAsync(IChat chat, string name, Prompt prompt, CancellationToken cancellationToken)
    {
        if (file.Find(name, prompt.Id) is { } known) return known;
        var result = await runner.RunAsync(chat, prompt, settings, cancellationToken);
        file.Add(name, result);
        return result;
    }
}
