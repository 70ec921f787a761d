using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Api.Rollouts;
using Slipway.Evaluation.Comparing;
using Slipway.Evaluation.Running;
using Slipway.Evaluation.Statistics;

namespace Slipway.Operator.Rollouts;

/// <summary>What both sides made of a prompt.</summary>
/// <param name="Unit">The unit in the order drawn, from 0; prompts of one unit count once.</param>
/// <param name="Question">The last thing that was said to the models.</param>
/// <param name="Baseline">What the model as it is made of it.</param>
/// <param name="Candidate">What the candidate made of it.</param>
public sealed record GradedPair(long Unit, string Question, PromptResult Baseline, PromptResult Candidate);

/// <summary>A gate's evidence after a unit.</summary>
/// <param name="Units">Units so far.</param>
/// <param name="Pass">The evidence for a pass, as a share of what decides it.</param>
/// <param name="Fail">The evidence for a failure, likewise.</param>
public sealed record GateMoment(long Units, double Pass, double Fail);

/// <summary>Reads the graded pairs of a gate back, and computes from them how its evidence went.</summary>
public static class EvidenceReader
{
    // Read as a whole for a page; who has more reads the file.
    private const long MostBytes = 64L << 20;

    /// <summary>Reads the pairs of a gate. Where a crash had units asked again, the later answers count.</summary>
    /// <param name="folder">The folder of evidence.</param>
    /// <param name="rollout">The rollout.</param>
    /// <param name="gate">The gate, at one step.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The pairs in the order asked; none where nothing was written.</returns>
    /// <exception cref="IOException">It cannot be read, is too large to be shown, or is not ours; the message says which.</exception>
    public static async Task<ImmutableArray<GradedPair>> ReadAsync(string folder, ModelRollout rollout, GateStatus gate, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(rollout);
        ArgumentNullException.ThrowIfNull(gate);
        var file = Evidence.File(folder, rollout.Metadata.Namespace ?? "default", rollout.Metadata.Name!, gate.Name);
        if (!File.Exists(file)) return [];
        await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 64 * 1024, useAsync: true);
        if (stream.Length > MostBytes) throw new IOException($"{file} has more than {MostBytes >> 20} MiB, which is too much for a page. Read it where it is: a line is a pair.");
        return await ReadAsync(stream, file, rollout, gate.Step, cancellationToken);
    }

    /// <summary>Reads the pairs that were kept as an object.</summary>
    /// <param name="evidence">The object.</param>
    /// <param name="rollout">The rollout.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The pairs in the order asked; some may be left out.</returns>
    /// <exception cref="IOException">It is not ours, or too large to be.</exception>
    public static async Task<ImmutableArray<GradedPair>> ReadAsync(RolloutEvidence evidence, ModelRollout rollout, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        ArgumentNullException.ThrowIfNull(rollout);
        var name = $"RolloutEvidence {evidence.Metadata.Name}";
        return await ReadAsync(new MemoryStream(EvidenceObject.Unpack(evidence.Spec.Content, MostBytes, name)), name, rollout, evidence.Spec.Step, cancellationToken);
    }

    private static async Task<ImmutableArray<GradedPair>> ReadAsync(Stream stream, string from, ModelRollout rollout, int step, CancellationToken cancellationToken)
    {
        var pairs = new List<GradedPair>();
        using var reader = new StreamReader(stream);
        for (var number = 1; await reader.ReadLineAsync(cancellationToken) is { } line; number++)
        {
            if (Read(line, rollout.Metadata.Uid, step, out var part, out var ours) is { } pair)
            {
                // Lines of before there were parts say nothing of them.
                if (pairs.Count > 0 && (pairs[^1].Unit > pair.Unit || (part == 0 && pairs[^1].Unit == pair.Unit))) pairs.RemoveAll(p => p.Unit >= pair.Unit);
                pairs.Add(pair);
            }
            // Broken off by a crash, whose unit was asked again, or being written now.
            else if (!ours && !line.StartsWith("{\"rollout\":", StringComparison.Ordinal))
            {
                throw new IOException($"Line {number} of {from} is no pair of a gate.");
            }
        }

        return [.. pairs];
    }

    /// <summary>How the evidence of a gate went, unit by unit, by the same test that decided.</summary>
    /// <param name="gate">The gate.</param>
    /// <param name="pairs">Its pairs, in order.</param>
    public static ImmutableArray<GateMoment> Course(GateStatus gate, IEnumerable<GradedPair> pairs)
    {
        ArgumentNullException.ThrowIfNull(gate);
        var test = new NonInferiority(gate.Margin, gate.Alpha, gate.AlphaFail);
        var comparison = new Comparison(test, looks: GateEvidence.Looks(gate, test));
        var course = ImmutableArray.CreateBuilder<GateMoment>();
        foreach (var unit in pairs.GroupBy(static p => p.Unit))
        {
            var judgement = comparison.Add([.. unit.Select(static p => (p.Baseline, p.Candidate))]).Judgement;
            course.Add(new GateMoment(course.Count + 1, GateEvidence.Share(judgement.LogPass, gate.Alpha), GateEvidence.Share(judgement.LogFail, gate.AlphaFail)));
        }

        return course.ToImmutable();
    }

    // Null for a pair of an earlier rollout of the same name, or of another step, which is ours all the same, and for what is none.
    private static GradedPair? Read(string line, string? uid, int step, out int? part, out bool ours)
    {
        (part, ours) = (null, false);
        try
        {
            var node = JsonNode.Parse(line)!;
            var pair = new GradedPair((long)node["unit"]!, (string?)node["question"] ?? "", ResultJson.Read(node["baseline"]), ResultJson.Read(node["candidate"]));
            ours = true;
            part = (int?)node["part"];
            return (string?)node["rollout"] == uid && ((int?)node["step"] ?? step) == step ? pair : null;
        }
        catch (Exception broken) when (broken is JsonException or FormatException or ArgumentException or InvalidOperationException or NullReferenceException)
        {
            return null;
        }
    }
}
