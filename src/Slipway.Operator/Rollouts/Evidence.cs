using System.Text;
using System.Text.Json.Nodes;
using Slipway.Evaluation.Running;
using Slipway.Evaluation.Suites;

namespace Slipway.Operator.Rollouts;

/// <summary>
/// Every graded pair of a rollout in a file, a JSON object a line, for people to read side by side. A unit that a crash took away was asked again and stands there twice: the later one, which begins with part 0 again, counts.
/// </summary>
internal static class Evidence
{
    /// <summary>The file of a gate.</summary>
    public static string File(string folder, string ns, string rollout, string gate) => Path.Combine(folder, $"{ns}.{rollout}.{gate}.jsonl");

    /// <summary>Adds a pair.</summary>
    /// <param name="file">The gate's file.</param>
    /// <param name="uid">The rollout's.</param>
    /// <param name="step">The step of the gate, from 0: one gate may be asked at several.</param>
    /// <param name="unit">The unit in the order drawn, from 0.</param>
    /// <param name="part">Which pair of the unit, from 0.</param>
    /// <param name="prompt">What was asked.</param>
    /// <param name="baseline">What the model as it is made of it.</param>
    /// <param name="candidate">What the candidate made of it.</param>
    public static void Add(string file, string uid, int step, long unit, int part, Prompt prompt, PromptResult baseline, PromptResult candidate)
    {
        var line = new JsonObject
        {
            ["rollout"] = uid,
            ["step"] = step,
            ["unit"] = unit,
            ["part"] = part,
            ["prompt"] = prompt.Id,
            ["question"] = prompt.Messages[^1].Content,
            ["baseline"] = ResultJson.Write(baseline),
            ["candidate"] = ResultJson.Write(candidate),
        };
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        using var stream = new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
        // A line that a crash broke off must not take the next one with it.
        var torn = false;
        if (stream.Length > 0)
        {
            stream.Position = stream.Length - 1;
            torn = stream.ReadByte() != '\n';
        }

        stream.Position = stream.Length;
        stream.Write(Encoding.UTF8.GetBytes($"{(torn ? "\n" : "")}{line.ToJsonString()}\n"));
    }
}
