using System.Collections.Immutable;
using Slipway.Api.Rollouts;
using Slipway.Evaluation.Chat;
using Slipway.Evaluation.Comparing;
using Slipway.Evaluation.Running;
using Slipway.Evaluation.Statistics;
using Slipway.Evaluation.Suites;

namespace Slipway.Operator.Rollouts;

/// <summary>
/// Asks a gate's prompts of both sides, from where the status says, until there is a verdict. What was found is read off <see cref="Status"/> and written down by the controller; what a crash
/// takes away is asked again, and nothing that is written down is asked twice.
/// </summary>
internal sealed class GateRun : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _run;
    private GateStatus _status;

    /// <param name="setup">The gate.</param>
    /// <param name="from">Its status so far.</param>
    /// <param name="baseline">Who answers a prompt for the model as it is, by its unit and its place in it.</param>
    /// <param name="candidate">Asks the candidate.</param>
    /// <param name="keep">Keeps every pair: the unit's number, which one of the unit, the prompt, what both made of it.</param>
    /// <param name="done">Called when there is a verdict, or when it cannot go on.</param>
    /// <param name="time">The clock.</param>
    public GateRun(GateSetup setup, GateStatus from, Func<long, int, IChat> baseline, IChat candidate, Action<long, int, Prompt, PromptResult, PromptResult> keep, Action done, TimeProvider time)
    {
        _status = from;
        _run = Task.Run(() => RunAsync(setup, baseline, candidate, keep, done, RolloutPatience.Runner(time)));
    }

    /// <summary>What is known so far, whole units only.</summary>
    public GateStatus Status => Volatile.Read(ref _status);

    /// <summary>Why it cannot go on; null while it does.</summary>
    public string? Broken { get; private set; }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _run.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task RunAsync(GateSetup setup, Func<long, int, IChat> baseline, IChat candidate, Action<long, int, Prompt, PromptResult, PromptResult> keep, Action done, PromptRunner runner)
    {
        try
        {
            var comparison = new Comparison(setup.Test, evidence: GateEvidence.Read(_status), looks: setup.Looks);
            var asked = _status.Asked;
            var left = setup.Units.Select(static (unit, at) => (Unit: unit, At: (long)at)).Skip((int)asked).ToArray();
            await foreach (var (_, results) in SuiteRun.InOrderAsync(left, UnitAsync, setup.Spec.Concurrency ?? 4, _stop.Token))
            {
                foreach (var (part, (prompt, a, b)) in results.Index()) keep(asked, part, prompt, a, b);
                var state = comparison.Add([.. results.Select(static r => (r.Item2, r.Item3))]);
                Volatile.Write(ref _status, GateEvidence.Write(_status, ++asked, comparison.Evidence, state));
                if (state.Verdict is not Verdict.Undecided) break;
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            return;
        }
        catch (SetupException refused)
        {
            Broken = refused.Message;
        }
        catch (Exception unexpected)
        {
            // Whoever waits for a verdict must not wait for ever.
            Broken = unexpected.Message;
        }

        done();

        async Task<List<(Prompt, PromptResult, PromptResult)>> UnitAsync((ImmutableArray<Prompt> Prompts, long At) unit, CancellationToken cancellationToken)
        {
            var results = new List<(Prompt, PromptResult, PromptResult)>();
            foreach (var (part, prompt) in unit.Prompts.Index())
            {
                var (a, b) = (runner.RunAsync(baseline(unit.At, part), prompt, setup.Suite.Settings, cancellationToken), runner.RunAsync(candidate, prompt, setup.Suite.Settings, cancellationToken));
                await Task.WhenAll(a, b);
                results.Add((prompt, await a, await b));
            }

            return results;
        }
    }
}
