using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Api;
using Slipway.Api.Rollouts;

namespace Slipway.Operator.Rollouts.Decisions;

/// <summary>What was decided about a rollout, and on what it rests, as an in-toto statement with the predicate test-result. Pure.</summary>
/// <remarks><see href="https://github.com/in-toto/attestation/blob/v1.1.0/spec/predicates/test-result.md"/>. What is not of that predicate stands under <c>slipway.dev</c> names, which others pass over.</remarks>
public static class DecisionRecord
{
    /// <summary>The predicate's type.</summary>
    public const string PredicateType = "https://in-toto.io/attestation/test-result/v0.1";

    /// <summary>States it.</summary>
    /// <param name="rollout">A rollout that was decided: promoted, or turned down.</param>
    /// <param name="evidence">The digest of each gate's file of graded pairs, by gate.</param>
    /// <returns>The statement.</returns>
    public static JsonObject Of(ModelRollout rollout, IReadOnlyDictionary<string, string> evidence)
    {
        ArgumentNullException.ThrowIfNull(rollout);
        ArgumentNullException.ThrowIfNull(evidence);
        var status = rollout.Status ?? throw new ArgumentException("Nothing was decided.", nameof(rollout));
        var (ns, gates) = (rollout.Metadata.Namespace, status.Gates ?? []);
        var written = JsonSerializer.SerializeToNode(status, SlipwayJson.Default.ModelRolloutStatus)!;
        (string Name, string Verdict)[] steps =
        [
            .. (status.Parity ?? []).Select(static p => ($"parity (step {p.Step})", p.Verdict)),
            .. (status.Shadow ?? []).Select(static s => ($"requests of users (step {s.Step})", s.Verdict)),
        ];
        JsonArray Named(Func<string, bool> which) => new([.. gates.Select(static g => (Name: $"{g.Name} (step {g.Step})", g.Verdict)).Concat(steps).Where(t => which(t.Verdict)).Select(static t => (JsonNode)t.Name)]);
        var passed = status.Phase is RolloutPhase.Promoting or RolloutPhase.Promoted;
        return new JsonObject
        {
            ["_type"] = "https://in-toto.io/Statement/v1",
            ["subject"] = new JsonArray(
                new JsonObject { ["name"] = $"modeldeployment/{ns}/{status.CandidateName}", ["digest"] = Digest(status.CandidateDigest) }),
            ["predicateType"] = PredicateType,
            ["predicate"] = new JsonObject
            {
                // Somebody went on although a gate had no verdict: that is a warning, whoever it was.
                ["result"] = !passed ? "FAILED" : gates.All(static g => g.Verdict == GateEvidence.Pass) && steps.All(static s => s.Verdict == GateEvidence.Pass) ? "PASSED" : "WARNED",
                ["configuration"] = new JsonArray([.. gates.Select(g => Configuration(g, evidence))]),
                ["passedTests"] = Named(static v => v == GateEvidence.Pass),
                ["warnedTests"] = Named(static v => v is GateEvidence.Undecided or GateEvidence.Running),
                ["failedTests"] = Named(static v => v == GateEvidence.Fail),
                ["slipway.dev/rollout"] = new JsonObject
                {
                    ["name"] = $"{ns}/{rollout.Metadata.Name}",
                    ["uid"] = rollout.Metadata.Uid,
                    ["baseline"] = new JsonObject { ["name"] = $"modeldeployment/{ns}/{rollout.Spec.DeploymentRef.Name}", ["digest"] = Digest(status.StableDigest) },
                    ["candidate"] = JsonNode.Parse(rollout.Spec.Candidate.GetRawText()),
                    ["decided"] = status.DecisionTime?.ToString("O", CultureInfo.InvariantCulture),
                    ["why"] = status.History is [.., var last] ? last.Why : status.Message,
                    ["history"] = written["history"]?.DeepClone(),
                    ["gates"] = written["gates"]?.DeepClone(),
                    ["parity"] = written["parity"]?.DeepClone(),
                    ["shadow"] = written["shadow"]?.DeepClone(),
                },
            },
        };
    }

    private static JsonNode Configuration(GateStatus gate, IReadOnlyDictionary<string, string> evidence)
    {
        var annotations = new JsonObject
        {
            ["gate"] = gate.Name,
            ["margin"] = gate.Margin,
            ["alpha"] = gate.Alpha,
            ["alphaFail"] = gate.AlphaFail,
            ["seed"] = gate.Seed,
        };
        if (gate.Method is { } method) (annotations["method"], annotations["looks"]) = (method.ToString(), gate.Looks);
        if (evidence.TryGetValue(gate.Name, out var pairs)) annotations["pairs"] = pairs;
        return new JsonObject { ["name"] = "evaluationsuite", ["digest"] = Digest(gate.SuiteDigest), ["annotations"] = annotations };
    }

    // in-toto writes the algorithm as the key.
    private static JsonObject Digest(string? digest) => digest?.Split(':', 2) is [var algorithm, var hex] ? new JsonObject { [algorithm] = hex } : [];

    /// <summary>The digest of a file.</summary>
    public static string OfFile(string file)
    {
        using var stream = File.OpenRead(file);
        return $"sha256:{Convert.ToHexStringLower(SHA256.HashData(stream))}";
    }
}
