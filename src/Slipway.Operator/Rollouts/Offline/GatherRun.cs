using Slipway.Evaluation.Chat;
using Slipway.Evaluation.Running;

namespace Slipway.Operator.Rollouts.Offline;

/// <summary>How far the answers of the model as it is are gathered.</summary>
/// <param name="Gathered">Units that are kept.</param>
/// <param name="Total">All of them.</param>
/// <param name="Broken">Why it cannot go on; null while it does.</param>
internal sealed record GatherState(long Gathered, long Total, string? Broken)
{
    /// <summary>Whether all is there.</summary>
    public bool IsDone => Gathered == Total;
}

/// <summary>Asks the model as it is all prompts of some gates, and keeps what it answers. What is kept is not asked again by whoever goes on after a crash.</summary>
internal sealed class GatherRun : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _run;
    private GatherState _state;

    /// <param name="rollout">The rollout's uid.</param>
    /// <param name="gates">The gates, each with its file and a way to ask.</param>
    /// <param name="done">Called when all is there, or when it cannot go on.</param>
    /// <param name="time">The clock.</param>
    public GatherRun(string rollout, IReadOnlyList<(GateSetup Setup, GatheredAnswers Kept, IChat Chat)> gates, Action done, TimeProvider time)
    {
        _state = new GatherState(0, gates.Sum(static g => (long)g.Setup.Units.Length), null);
        _run = Task.Run(() => RunAsync(rollout, gates, done, RolloutPatience.Runner(time)));
    }

    /// <summary>How far it is.</summary>
    public GatherState State => Volatile.Read(ref _state);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _run.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task RunAsync(string rollout, IReadOnlyList<(GateSetup Setup, GatheredAnswers Kept, IChat Chat)> gates, Action done, PromptRunner runner)
    {
        try
        {
            foreach (var (setup, kept, chat) in gates)
            {
                var known = kept.Read(rollout, setup);
                kept.Begin(rollout, setup, known);
                Advance(known.Count);
                await foreach (var (_, results) in SuiteRun.InOrderAsync(setup.Units[known.Count..], UnitAsync, setup.Spec.Concurrency ?? 4, _stop.Token))
                {
                    kept.Add(results);
                    Advance(1);
                }

                async Task<IReadOnlyList<PromptResult>> UnitAsync(System.Collections.Immutable.ImmutableArray<Evaluation.Suites.Prompt> unit, CancellationToken cancellationToken)
                {
                    var results = new List<PromptResult>();
                    foreach (var prompt in unit) results.Add(await runner.RunAsync(chat, prompt, setup.Suite.Settings, cancellationToken));
                    return results;
                }
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            return;
        }
        catch (Exception unexpected)
        {
            // Whoever waits must not wait for ever.
            Volatile.Write(ref _state, _state with { Broken = unexpected.Message });
        }

        done();
    }

    private void Advance(int units) => Volatile.Write(ref _state, _state with { Gathered = _state.Gathered + units });
}
