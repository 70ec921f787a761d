using Slipway.Api.Rollouts;
using Slipway.Evaluation.Chat;
using Slipway.Evaluation.Comparing;
using Slipway.Evaluation.Running;
using Slipway.Evaluation.Statistics;
using Slipway.Evaluation.Suites;

namespace Slipway.Operator.Rollouts.Shadowing;

/// <summary>What recorded requests that are asked now have shown.</summary>
/// <param name="Status">Its evidence, whole conversations only.</param>
/// <param name="Grades">The grades; null where nothing is graded.</param>
/// <param name="Broken">Why it cannot go on; null while it does.</param>
internal sealed record ShadowRunState(ShadowStatus Status, GateStatus? Grades, string? Broken);

/// <summary>
/// Asks the candidate what users asked, from where the status says, until there is a verdict. What was found is read off <see cref="State"/> and written down by the controller; what a crash takes away is asked again, and
/// nothing that is written down is.
/// </summary>
internal sealed class ShadowRun : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _run;
    private ShadowRunState _state;

    /// <param name="spec">The rollout's limits.</param>
    /// <param name="setup">What is asked.</param>
    /// <param name="ask">What is behind it.</param>
    /// <param name="candidate">Asks the candidate.</param>
    /// <param name="keep">Keeps every graded pair, without texts: the unit's number, which one of the unit, the prompt, what both made of it.</param>
    /// <param name="done">Called when there is a verdict, or when it cannot go on.</param>
    /// <param name="time">The clock.</param>
    public ShadowRun(ModelRolloutSpec spec, ShadowSetup setup, ReplayAsk ask, IChat candidate, Action<long, int, Prompt, PromptResult, PromptResult> keep, Action done, TimeProvider time)
    {
        _state = new ShadowRunState(ask.From, ask.Grades, null);
        _run = Task.Run(() => RunAsync(spec, setup, candidate, keep, done, RolloutPatience.Runner(time)));
    }

    /// <summary>What is known so far.</summary>
    public ShadowRunState State => Volatile.Read(ref _state);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _run.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task RunAsync(ModelRolloutSpec spec, ShadowSetup setup, IChat candidate, Action<long, int, Prompt, PromptResult, PromptResult> keep, Action done, PromptRunner runner)
    {
        try
        {
            var comparison = setup.Test is { } test && _state.Grades is { } grades ? new Comparison(test, evidence: GateEvidence.Read(grades)) : null;
            await foreach (var (unit, results) in SuiteRun.InOrderAsync(setup.Units, UnitAsync, setup.Step.Concurrency ?? 4, _stop.Token))
            {
                var next = _state with { Status = ShadowCount.After(_state.Status, unit, [.. results.Select(static r => r.Candidate)]) };
                // A verdict once reached stands; the rest is asked for errors and times.
                if (comparison is not null && next.Grades is { Verdict: GateEvidence.Running } open)
                {
                    foreach (var (part, (prompt, was, made)) in results.Index()) keep(open.Asked, part, Withheld.Of(prompt), Withheld.Of(was), Withheld.Of(made));
                    var state = comparison.Add([.. results.Select(static r => (r.Was, r.Candidate))]);
                    next = next with { Grades = GateEvidence.Write(open, open.Asked + 1, comparison.Evidence, state) };
                }

                var (verdict, reason) = ShadowJudge.Judge(spec, setup.Step, next.Status, next.Grades);
                if (verdict is not Verdict.Undecided) next = next with { Status = next.Status with { Verdict = verdict is Verdict.Pass ? GateEvidence.Pass : GateEvidence.Fail, Reason = reason } };
                Volatile.Write(ref _state, next);
                if (verdict is not Verdict.Undecided) break;
            }

            if (_state.Status.Verdict == GateEvidence.Running)
            {
                var open = ShadowJudge.Judge(spec, setup.Step, _state.Status, _state.Grades).Reason;
                Volatile.Write(ref _state, _state with { Status = _state.Status with { Verdict = GateEvidence.Undecided, Reason = $"all {_state.Status.Asked} recorded requests that were drawn are asked; {open}" } });
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            return;
        }
        catch (Exception broken)
        {
            // Whoever waits for a verdict must not wait for ever.
            Volatile.Write(ref _state, _state with { Broken = broken.Message });
        }

        done();

        async Task<List<(Prompt Prompt, PromptResult Was, PromptResult Candidate)>> UnitAsync(ShadowUnit unit, CancellationToken cancellationToken)
        {
            var results = new List<(Prompt, PromptResult, PromptResult)>();
            foreach (var (prompt, recorded) in unit.Requests)
            {
                // How it is asked is in the request itself.
                var was = await runner.RunAsync(new RecordedChat(recorded.Answer), prompt, new RequestSettings(), cancellationToken);
                results.Add((prompt, was, await runner.RunAsync(new ReplayChat(candidate, recorded.Answer), prompt, new RequestSettings(), cancellationToken)));
            }

            return results;
        }
    }
}
