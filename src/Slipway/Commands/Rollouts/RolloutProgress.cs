using Slipway.Api.Rollouts;
using Slipway.Kubernetes.Objects;
using Spectre.Console;

namespace Slipway.Commands.Rollouts;

/// <summary>Follows a rollout on the screen: what is decided stays, what is going on is a line that changes.</summary>
internal static class RolloutProgress
{
    // What keeps a rollout from beginning is known at once; what only passes by, such as a deployment that starts, does so in this time.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_pace = TimeSpan.FromMilliseconds(500);

    public static async Task<int> FollowAsync(Reach reach, NamespacedName key, CancellationToken cancellationToken)
    {
        // Standard error for what changes; the decisions are the output.
        var screen = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        var (told, status) = (0, default(ModelRolloutStatus));
        var began = TimeProvider.System.GetTimestamp();
        await screen.Status().StartAsync("Waiting", async line =>
        {
            while (true)
            {
                var rollout = await RolloutCommand.FindAsync(reach, key, cancellationToken);
                status = rollout.Status;
                var spent = rollout.Spec.Budget is { } budget ? $" ({budget.Say(status?.BudgetUsed)} used)" : "";
                line.Status = Markup.Escape($"{status?.Phase ?? RolloutPhase.Pending}: {status?.Message ?? "declared"}{spent}");
                foreach (var decision in (status?.History ?? []).Skip(told))
                    await Console.Out.WriteLineAsync($"{decision.Time:HH:mm:ss} {decision.What,-12} {decision.Why}");
                told = status?.History?.Count ?? 0;
                if (status?.Phase is RolloutPhase.Promoting or RolloutPhase.Promoted or RolloutPhase.RollingBack or RolloutPhase.RolledBack or RolloutPhase.Paused) return;
                if (status?.Phase is null or RolloutPhase.Pending && TimeProvider.System.GetElapsedTime(began) > s_patience) return;
                await Task.Delay(s_pace, TimeProvider.System, cancellationToken);
            }
        });
        if (status?.Phase is null or RolloutPhase.Pending)
        {
            await Console.Out.WriteLineAsync($"{key} has not begun: {status?.Message ?? "no controller looked at it; is slipway up running?"}");
            await Console.Out.WriteLineAsync($"It begins by itself once that is mended. Follow it: slipway rollout watch {key.Name}{reach.Data.Flag}; take it back: kubectl delete modelrollout {key.Name}");
            return ExitCodes.Undecided;
        }

        await Console.Out.WriteLineAsync($"{key}: {status.Message}");
        return status.Phase switch
        {
            RolloutPhase.Promoting or RolloutPhase.Promoted => ExitCodes.Ok,
            RolloutPhase.Paused => ExitCodes.Undecided,
            _ => ExitCodes.NotGoodEnough,
        };
    }
}
