using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Api;
using Slipway.Api.Rollouts;
using Slipway.Evaluation.Comparing;
using Slipway.Evaluation.Statistics;
using Slipway.Evaluation.Suites;
using Suite = Slipway.Evaluation.Suites.EvaluationSuite;

namespace Slipway.Operator.Rollouts;

/// <summary>A gate that can be asked: its test and what is asked, in order.</summary>
/// <param name="Name">The gate.</param>
/// <param name="Spec">What it says.</param>
/// <param name="Suite">The suite.</param>
/// <param name="Test">The test.</param>
/// <param name="Units">The units in the order drawn: prompts that count once together.</param>
internal sealed record GateSetup(string Name, QualityGateSpec Spec, Suite Suite, NonInferiority Test, ImmutableArray<ImmutableArray<Prompt>> Units)
{
    /// <summary>When it is looked at; null for a test by betting, after every unit.</summary>
    public PlannedLooks? Looks { get; } = PlannedLooks.Of(Spec.Method.Test(), Spec.Looks, Test, Units.Length);

    /// <summary>Makes one.</summary>
    /// <param name="name">The gate's name.</param>
    /// <param name="gate">The gate; null when there is none.</param>
    /// <param name="suite">Its suite; null when there is none.</param>
    /// <param name="tests">How many tests of the rollout can end it: they share the chance of a false failure (Bonferroni).</param>
    /// <param name="judged">Binds the suite to its judge; a suite that wants one cannot be used without.</param>
    /// <returns>The setup; or why there is none.</returns>
    public static (GateSetup? Setup, string? Problem) Of(string name, QualityGate? gate, Api.Rollouts.EvaluationSuite? suite, int tests, Func<Suite, (Suite? Suite, string? Problem)>? judged = null)
    {
        if (gate is null) return (null, $"There is no QualityGate {name}");
        var spec = gate.Spec;
        var (read, problem) = Usable(spec.SuiteRef.Name, suite, $"Gate {name}");
        if (judged is null && read is { } plain) (read, problem) = GateEmbeddings.Bind(plain, null, $"QualityGate {name}", null, static _ => throw new InvalidOperationException());
        if (read is { } whole) (read, problem) = judged?.Invoke(whole) ?? GateJudge.Bind(whole, null, $"QualityGate {name}", null, [], static _ => throw new InvalidOperationException());
        if (read is null) return (null, problem);
        var test = new NonInferiority(spec.Margin ?? 0.05, spec.Alpha ?? 0.05, (spec.AlphaFail ?? 0.05) / Math.Max(1, tests));
        var units = Sampling.Units(Sampling.Draw(read, (ulong)(spec.Seed ?? 1), spec.Sample), spec.Repeats ?? 1);
        if (spec.AllowUnderpowered != true && Power.Short(test, units.Length, spec.Discordance, spec.Method.Test(), spec.Looks) is { } lack)
        {
            return (null, string.Create(
                CultureInfo.InvariantCulture,
                $"Gate {name} cannot show what it asks for: {units.Length} prompts, where a margin of {test.Margin} takes about {lack.Needed}. Take a larger suite, a margin of {lack.Margin}, or allowUnderpowered"));
        }

        return (new GateSetup(name, spec, read, test, units), null);
    }

    /// <summary>Reads a suite that controllers are to ask.</summary>
    /// <param name="name">The suite's name.</param>
    /// <param name="suite">The suite; null when there is none.</param>
    /// <param name="who">Who names it, as the beginning of a sentence.</param>
    /// <returns>The suite; or why it cannot be asked.</returns>
    public static (Suite? Suite, string? Problem) Usable(string name, Api.Rollouts.EvaluationSuite? suite, string who)
    {
        if (suite is null) return (null, $"{who} names the EvaluationSuite {name}, which does not exist. Put one there: slipway suites {name} -o yaml | kubectl apply -f -");
        var reading = Read(suite);
        return reading.Suite is { } read ? (read, null) : (null, $"EvaluationSuite {name} cannot be used: {string.Join("; ", reading.Problems.Take(3))}");
    }

    /// <summary>Reads a suite.</summary>
    public static SuiteReading Read(Api.Rollouts.EvaluationSuite suite) => suite.Spec.Source is null ? SuiteReader.Read(Manifest(suite))
        : new(null, [suite.Status?.Conditions?.FirstOrDefault(static c => c is { Type: "Valid", Status: Api.Meta.ConditionStatus.False })?.Message ?? "its prompts are not read yet"]);

    /// <summary>A suite as the reader takes it.</summary>
    public static JsonObject Manifest(Api.Rollouts.EvaluationSuite suite) => new()
    {
        ["apiVersion"] = suite.ApiVersion,
        ["kind"] = suite.Kind,
        ["metadata"] = new JsonObject { ["name"] = suite.Metadata.Name },
        ["spec"] = JsonSerializer.SerializeToNode(suite.Spec, SlipwayJson.Default.EvaluationSuiteSpec),
    };

    /// <summary>The gate's status before anything is asked.</summary>
    public GateStatus Begin(int step) => new()
    {
        Name = Name,
        Step = step,
        Verdict = GateEvidence.Running,
        SuiteDigest = Suite.Digest,
        Seed = Spec.Seed ?? 1,
        Total = Units.Length,
        Margin = Test.Margin,
        Alpha = Test.Alpha,
        AlphaFail = Test.AlphaFail,
        Method = Looks is null ? null : Spec.Method,
        Looks = Looks?.Looks,
    };

    /// <summary>Whether it still asks what a status is the evidence of: the same prompts, and the same test of them.</summary>
    public bool Asks(GateStatus status) =>
        status.SuiteDigest == Suite.Digest && status.Total == Units.Length && status.Margin == Test.Margin && status.Looks == Looks?.Looks && status.Method == (Looks is null ? null : Spec.Method);
}
