using Slipway.Api.Rollouts;
using Slipway.Evaluation.Chat;
using Slipway.Evaluation.Grading.Logprobs;
using Slipway.Evaluation.Running;

namespace Slipway.Operator.Rollouts.Parity;

/// <summary>What a comparison that goes on now has shown.</summary>
/// <param name="Status">Its figures, whole prompts only.</param>
/// <param name="Broken">Why it cannot go on; null while it does.</param>
internal sealed record ParityRunState(ParityStatus Status, string? Broken);

/// <summary>Compares both sides token by token, prompt by prompt, from where the status says. What a crash takes away is compared again, and nothing that is written down is.</summary>
internal sealed class ParityRun : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _run;
    private ParityRunState _state;

    /// <param name="ask">What is compared, and what is behind it.</param>
    /// <param name="baseline">Asks the model as it is.</param>
    /// <param name="candidate">Asks the candidate.</param>
    /// <param name="done">Called when there is a verdict, or when it cannot go on.</param>
    public ParityRun(ParityAsk ask, IChat baseline, IChat candidate, Action done)
    {
        _state = new ParityRunState(ask.From, null);
        _run = Task.Run(() => RunAsync(ask.Setup, new Forced(baseline, candidate, ask.Setup.Step.Tokens ?? 32), done));
    }

    /// <summary>What is known so far.</summary>
    public ParityRunState State => Volatile.Read(ref _state);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _run.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task RunAsync(ParitySetup setup, Forced forced, Action done)
    {
        try
        {
            var status = _state.Status;
            var left = setup.Prompts.Skip((int)status.Asked).ToArray();
            await foreach (var (_, result) in SuiteRun.InOrderAsync(left, (prompt, token) => forced.CompareAsync(prompt.Messages, token), setup.Step.Concurrency ?? 4, _stop.Token))
            {
                status = result.NotApplicable is { } why ? status with { Verdict = GateEvidence.Undecided, Reason = $"the two cannot be compared token by token: {why}" } : ParityJudge.After(status, result);
                Volatile.Write(ref _state, new ParityRunState(status, null));
                if (status.Verdict != GateEvidence.Running) break;
            }

            if (status.Verdict == GateEvidence.Running) Volatile.Write(ref _state, new ParityRunState(ParityJudge.Judge(setup.Step, status), null));
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
    }
}
