using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Slipway.Api;
using Slipway.Api.Rollouts;
using Slipway.Evaluation.Comparing;
using Slipway.Evaluation.Statistics;
using Slipway.Evaluation.Suites;

namespace Slipway.Operator.Rollouts.Shadowing;

/// <summary>Recorded requests that can be asked, in the order drawn.</summary>
/// <param name="Step">What the step says.</param>
/// <param name="Units">The conversations; a request that stands alone is one.</param>
/// <param name="LeftOut">Recordings of the deployment that cannot be asked again.</param>
/// <param name="Test">How grades are judged; null where nothing is graded.</param>
internal sealed record ShadowSetup(ShadowStep Step, ImmutableArray<ShadowUnit> Units, long LeftOut, NonInferiority? Test)
{
    /// <summary>Requests to ask.</summary>
    public long Requests => Units.Sum(static u => (long)u.Requests.Length);

    /// <summary>Makes one.</summary>
    /// <param name="step">What the step says.</param>
    /// <param name="rollout">The rollout.</param>
    /// <param name="recorded">The recordings; null where none are made.</param>
    /// <param name="behind">What is asked already; null to begin, where there has to be enough.</param>
    /// <param name="services">Whom it may ask beside the candidate.</param>
    /// <returns>The setup; or why there is none, with what to do.</returns>
    public static (ShadowSetup? Setup, string? Problem) Of(ShadowStep step, ModelRollout rollout, IRecordedTraffic? recorded, ShadowStatus? behind, ShadowServices services)
    {
        var (ns, name) = (rollout.Metadata.Namespace ?? "default", rollout.Spec.DeploymentRef.Name);
        if (recorded is null) return (null, "The shadow step wants recorded requests, and requests are recorded by Slipway's own gateway alone, which has none here: leave the step out. Gates, canary steps and approval remain");
        var (graders, problem) = ShadowGraders.Read(step, services);
        if (problem is not null) return (null, problem);
        ShadowDraw draw;
        try
        {
            draw = ShadowDraw.Of(recorded.Read(ns), $"{ns}/{name}", step.Seed ?? 1, (step.Sample ?? 500) - (behind?.Asked ?? 0), behind?.Position, graders);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or CryptographicException)
        {
            return (null, $"The recordings of namespace {ns} cannot be read: {unreadable.Message}");
        }

        var tests = Math.Max(1, RolloutSteps.Tests(rollout.Spec));
        var test = step.Graders is { Count: > 0 } ? new NonInferiority(step.Margin ?? 0.05, step.Alpha ?? 0.05, 0.05 / tests) : null;
        var setup = new ShadowSetup(step, draw.Units, draw.LeftOut, test);
        return behind is null && setup.Lack(rollout.Spec, recorded.IsAsked(ns), ns, tests) is { } lack ? (null, lack) : (setup, null);
    }

    // Before an accelerator is spent on it.
    private string? Lack(ModelRolloutSpec spec, bool asked, string ns, int tests)
    {
        var name = spec.DeploymentRef.Name;
        var begin = $"kubectl annotate namespace {ns} slipway.dev/record=10%";
        var apart = LeftOut == 0 ? "" : $" ({LeftOut} more cannot: they were asked otherwise than by /v1/chat/completions, have pictures, or answers that no grader can compare with)";
        if (Units.IsEmpty)
        {
            return asked
                ? $"Nothing that {name} answered is recorded yet that can be asked again{apart}: the shadow step begins once users have asked"
                : $"Nothing that {name} answered is recorded, and namespace {ns} does not ask for it: {begin}, and the shadow step begins once users have asked";
        }

        var errors = new RateLimit(spec.MostErrors ?? 0.05, 0.05, 0.05 / tests).More(0, 0);
        if (Requests < Step.MinRequests) return $"The shadow step wants {Step.MinRequests} requests at least, and {Requests} that {name} answered are recorded and can be asked again{apart}{More(asked, begin)}";
        if (Step.AllowUnderpowered == true) return null;
        if (Requests < errors) return $"The shadow step cannot show that requests do not fail: {Requests} recorded requests of {name} can be asked again{apart}, and it takes {errors}{More(asked, begin)}, or set allowUnderpowered";
        return Test is not null && Power.Short(Test, Units.Length) is { } lack
            ? string.Create(CultureInfo.InvariantCulture, $"The shadow step cannot show what it asks for: {Units.Length} recorded conversations of {name} can be asked again{apart}, where a margin of {Test.Margin} takes about {lack.Needed}{More(asked, begin)}, take a margin of {lack.Margin}, or set allowUnderpowered")
            : null;
    }

    private string More(bool asked, string begin) =>
        Requests >= (Step.Sample ?? 500) ? ". Take a larger sample" : asked ? ". Wait until more are recorded" : $". Record more ({begin})";

    /// <summary>Its status before anything is asked.</summary>
    public ShadowStatus Begin(int step) => new()
    {
        Step = step,
        Source = ShadowSource.Recorded,
        Verdict = GateEvidence.Running,
        Seed = Step.Seed ?? 1,
        Total = Requests,
        LeftOut = LeftOut,
    };

    /// <summary>Its grades before anything is graded; null where nothing is.</summary>
    public GateStatus? Grades(int step) => Test is null ? null : new GateStatus
    {
        Name = ShadowStatus.GateName,
        Step = step,
        Verdict = GateEvidence.Running,
        SuiteDigest = CanonicalJson.Digest(JsonSerializer.SerializeToNode(Step.Graders, SlipwayJson.Default.IReadOnlyListEvaluationGrader)),
        Seed = Step.Seed ?? 1,
        Total = Units.Length,
        Margin = Test.Margin,
        Alpha = Test.Alpha,
        AlphaFail = Test.AlphaFail,
    };
}
