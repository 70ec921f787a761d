using Slipway.Evaluation.Chat;
using Slipway.Evaluation.Running;

namespace Slipway.Operator.Rollouts;

/// <summary>How long rollouts wait for somebody to ask: half a minute. On one machine engines end with the process and come back with it, and what nobody was there to answer would be missing for good.</summary>
internal static class RolloutPatience
{
    private const int Attempts = 7;

    /// <summary>Asks and grades prompts.</summary>
    public static PromptRunner Runner(TimeProvider time) => new(time) { Attempts = Attempts };

    /// <summary>Asks a model that is no side of the rollout, or otherwise than by prompts.</summary>
    public static IChat Patient(this IChat chat, TimeProvider time) => new PatientChat(chat, time) { Attempts = Attempts };
}
