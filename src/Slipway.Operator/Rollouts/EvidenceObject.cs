using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Api.Meta;
using Slipway.Api.Rollouts;
using Slipway.Kubernetes.Objects;
using Slipway.Operator.Rollouts.Decisions;

namespace Slipway.Operator.Rollouts;

/// <summary>Makes an object of a gate's file of graded pairs. Pure, but for the file.</summary>
public static class EvidenceObject
{
    // An object may have 1.5 MiB in etcd's own limits, and a page reads it whole.
    private const int MostContent = 900_000;

    /// <summary>The name of the object.</summary>
    /// <param name="rollout">The rollout.</param>
    /// <param name="gate">The gate.</param>
    public static NamespacedName Name(ModelRollout rollout, GateStatus gate)
    {
        ArgumentNullException.ThrowIfNull(rollout);
        ArgumentNullException.ThrowIfNull(gate);
        return new(rollout.Metadata.Namespace ?? "", $"{rollout.Metadata.Name}.{gate.Name}.{gate.Step}");
    }

    /// <summary>Makes it.</summary>
    /// <param name="rollout">The rollout.</param>
    /// <param name="gate">The gate, with its verdict.</param>
    /// <param name="file">The file.</param>
    /// <param name="most">The most bytes that its content may have.</param>
    /// <returns>The object; null where nothing of that rollout and step is in the file.</returns>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static RolloutEvidence? Of(ModelRollout rollout, GateStatus gate, string file, int most = MostContent)
    {
        var name = Name(rollout, gate);
        var lines = File.ReadLines(file).Where(l => IsOf(l, rollout.Metadata.Uid, gate.Step)).ToList();
        if (lines.Count == 0) return null;
        var (written, units) = (lines.Count, lines.Select(static l => (long?)Parse(l)!["unit"]).Distinct().Count());
        var content = Pack(lines);
        if (content.Length > most)
        {
            // What people look for is where the two differ.
            lines = [.. lines.Where(Differs)];
            while ((content = Pack(lines)).Length > most) lines.RemoveRange(lines.Count / 2, lines.Count - (lines.Count / 2));
        }

        return new RolloutEvidence
        {
            Metadata = new ObjectMeta
            {
                Name = name.Name,
                Namespace = name.Namespace,
                OwnerReferences = [new OwnerReference { ApiVersion = ModelRollout.GroupVersion, Kind = "ModelRollout", Name = rollout.Metadata.Name!, Uid = rollout.Metadata.Uid! }],
            },
            Spec = new RolloutEvidenceSpec
            {
                RolloutRef = new RolloutReference { Name = rollout.Metadata.Name!, Uid = rollout.Metadata.Uid },
                Gate = gate.Name,
                Step = gate.Step,
                Pairs = lines.Count,
                LeftOut = written - lines.Count + Math.Max(0, (int)gate.Asked - units) is > 0 and var lacking ? lacking : null,
                Digest = DecisionRecord.OfFile(file),
                Content = content,
            },
        };
    }

    /// <summary>The text of an object.</summary>
    /// <param name="content">Its content.</param>
    /// <param name="most">The most bytes that the text may have.</param>
    /// <param name="name">The object, for words.</param>
    /// <returns>UTF-8.</returns>
    /// <exception cref="IOException">It is none, or too large.</exception>
    internal static byte[] Unpack(string content, long most, string name)
    {
        try
        {
            using var gzip = new GZipStream(new MemoryStream(Convert.FromBase64String(content)), CompressionMode.Decompress);
            var (text, buffer) = (new MemoryStream(), new byte[81_920]);
            while (gzip.Read(buffer) is > 0 and var read)
            {
                if (text.Length + read > most) throw new IOException($"{name} has more than {most >> 20} MiB, which is too much for a page.");
                text.Write(buffer, 0, read);
            }

            return text.ToArray();
        }
        catch (Exception broken) when (broken is FormatException or InvalidDataException)
        {
            throw new IOException($"{name} is not what was written: {broken.Message}", broken);
        }
    }

    private static string Pack(IEnumerable<string> lines)
    {
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal))
        {
            foreach (var line in lines) gzip.Write(Encoding.UTF8.GetBytes(line + "\n"));
        }

        return Convert.ToBase64String(packed.ToArray());
    }

    private static bool IsOf(string line, string? uid, int step) => Parse(line) is { } pair && (string?)pair["rollout"] == uid && ((int?)pair["step"] ?? step) == step;

    private static bool Differs(string line) => Parse(line) is { } pair && (double?)pair["baseline"]?["score"] != (double?)pair["candidate"]?["score"];

    // A line that a crash broke off is no pair.
    private static JsonObject? Parse(string line)
    {
        try
        {
            return JsonNode.Parse(line) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
