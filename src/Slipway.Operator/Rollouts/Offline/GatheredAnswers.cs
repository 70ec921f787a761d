using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Evaluation.Running;

namespace Slipway.Operator.Rollouts.Offline;

/// <summary>What the model as it is answered to a gate's prompts before it made way, in a file: a head that says which question it is, then a JSON object for each prompt, in order.</summary>
/// <param name="file">The file.</param>
internal sealed class GatheredAnswers(string file)
{
    /// <summary>The file of a gate.</summary>
    public static string File(string folder, string ns, string rollout, string gate) => Path.Combine(folder, $"{ns}.{rollout}.{gate}.gathered.jsonl");

    /// <summary>Reads what is there of a question.</summary>
    /// <param name="rollout">The rollout's uid.</param>
    /// <param name="setup">The gate.</param>
    /// <returns>Answers by unit, whole units only, from the first on; none where the file is of another question.</returns>
    /// <exception cref="IOException">It cannot be read.</exception>
    public IReadOnlyList<IReadOnlyList<PromptResult>> Read(string rollout, GateSetup setup)
    {
        if (!System.IO.File.Exists(file)) return [];
        var (units, unit) = (new List<IReadOnlyList<PromptResult>>(), new List<PromptResult>());
        foreach (var (number, line) in System.IO.File.ReadLines(file).Index())
        {
            if (number == 0)
            {
                if (line != Head(rollout, setup)) return [];
                continue;
            }

            // A line that a crash broke off is the last one that counts for nothing.
            if (units.Count == setup.Units.Length || Parse(line) is not { } result || result.PromptId != setup.Units[units.Count][unit.Count].Id) break;
            unit.Add(result);
            if (unit.Count < setup.Units[units.Count].Length) continue;
            units.Add(unit);
            unit = [];
        }

        return units;
    }

    /// <summary>Begins the file, with what is known already.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void Begin(string rollout, GateSetup setup, IReadOnlyList<IReadOnlyList<PromptResult>> known)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        var text = new StringBuilder(Head(rollout, setup)).Append('\n');
        foreach (var result in known.SelectMany(static u => u)) text.Append(Line(result));
        Models.Store.WholeFile.Write(file, text.ToString());
    }

    /// <summary>Adds the answers of a unit.</summary>
    /// <exception cref="IOException">They cannot be written.</exception>
    public void Add(IReadOnlyList<PromptResult> unit) => System.IO.File.AppendAllText(file, string.Concat(unit.Select(Line)));

    private static string Head(string rollout, GateSetup setup) =>
        new JsonObject { ["rollout"] = rollout, ["suite"] = setup.Suite.Digest, ["seed"] = setup.Spec.Seed ?? 1, ["units"] = setup.Units.Length }.ToJsonString();

    private static string Line(PromptResult result) => ResultJson.Write(result).ToJsonString() + "\n";

    private static PromptResult? Parse(string line)
    {
        try
        {
            return ResultJson.Read(JsonNode.Parse(line));
        }
        catch (Exception broken) when (broken is JsonException or FormatException)
        {
            return null;
        }
    }
}
