using System.Collections.Immutable;
using Slipway.Api.Rollouts;
using Slipway.Evaluation.Suites;
using Suite = Slipway.Evaluation.Suites.EvaluationSuite;

namespace Slipway.Operator.Rollouts.Parity;

/// <summary>A comparison that can be made: what is asked, in order.</summary>
/// <param name="Step">What the step says.</param>
/// <param name="Suite">The suite.</param>
/// <param name="Prompts">The prompts in the order drawn.</param>
internal sealed record ParitySetup(ParityStep Step, Suite Suite, ImmutableArray<Prompt> Prompts)
{
    /// <summary>Makes one.</summary>
    /// <param name="step">What the step says.</param>
    /// <param name="suite">Its suite; null when there is none.</param>
    /// <returns>The setup; or why there is none.</returns>
    public static (ParitySetup? Setup, string? Problem) Of(ParityStep step, Api.Rollouts.EvaluationSuite? suite)
    {
        var (read, problem) = GateSetup.Usable(step.SuiteRef.Name, suite, "The parity step");
        return read is null ? (null, problem) : (new ParitySetup(step, read, Sampling.Draw(read, (ulong)(step.Seed ?? 1), step.Sample ?? 50)), null);
    }

    /// <summary>Its status before anything is asked.</summary>
    public ParityStatus Begin(int step) => new() { Step = step, Verdict = GateEvidence.Running, SuiteDigest = Suite.Digest, Seed = Step.Seed ?? 1, Total = Prompts.Length };
}
