using System.Security.Cryptography;
using System.Text;
using Slipway.Api.Rollouts;
using Slipway.Models.Store;

namespace Slipway.Operator.Rollouts.Decisions;

/// <summary>Signed records of decisions, one file for each rollout that was decided.</summary>
/// <param name="folder">Where evidence is kept.</param>
/// <param name="key">The key.</param>
public sealed class DecisionFiles(string folder, DecisionKey key)
{
    /// <summary>The file of a rollout.</summary>
    /// <param name="folder">Where evidence is kept.</param>
    /// <param name="ns">The namespace.</param>
    /// <param name="rollout">The rollout.</param>
    public static string File(string folder, string ns, string rollout) => Path.Combine(folder, $"{ns}.{rollout}.decision.json");

    /// <summary>Writes the record of a rollout that was decided, unless it is there; a decision that is gone back on has a record of its own, which takes the place.</summary>
    /// <param name="rollout">The rollout, with the status as it was written.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void Keep(ModelRollout rollout)
    {
        ArgumentNullException.ThrowIfNull(rollout);
        var (ns, name) = (rollout.Metadata.Namespace ?? "", rollout.Metadata.Name ?? "");
        var file = File(folder, ns, name);
        using var ecdsa = key.Open();
        if (Stands(file, rollout, ecdsa)) return;
        var evidence = (rollout.Status?.Gates ?? []).Select(static g => g.Name).Distinct(StringComparer.Ordinal)
            .Select(g => (Gate: g, File: Evidence.File(folder, ns, name, g))).Where(static g => System.IO.File.Exists(g.File))
            .ToDictionary(static g => g.Gate, static g => DecisionRecord.OfFile(g.File), StringComparer.Ordinal);
        var envelope = Dsse.Sign(Encoding.UTF8.GetBytes(DecisionRecord.Of(rollout, evidence).ToJsonString()), ecdsa);
        WholeFile.Write(file, envelope.ToJsonString() + "\n");
    }

    private static bool Stands(string file, ModelRollout rollout, ECDsa key)
    {
        if (!System.IO.File.Exists(file) || Dsse.Verify(System.IO.File.ReadAllText(file), key).Payload is not { } payload) return false;
        var said = System.Text.Json.Nodes.JsonNode.Parse(payload)?["predicate"]?["slipway.dev/rollout"];
        return (string?)said?["uid"] == rollout.Metadata.Uid && (string?)said?["decided"] == rollout.Status?.DecisionTime?.ToString("O", System.Globalization.CultureInfo.InvariantCulture);
    }
}
