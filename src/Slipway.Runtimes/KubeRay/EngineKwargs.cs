using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Api.ModelDeployments;
using Slipway.Runtimes.Engines;
using Slipway.Runtimes.Objects;

namespace Slipway.Runtimes.KubeRay;

/// <summary>vLLM's settings as Ray takes them: arguments of Python by name, with types, where a command line has flags and words.</summary>
/// <param name="Values">The arguments.</param>
/// <param name="Unwritable">Words of `engine.extraArgs` that are no such argument: short flags, values without a flag, parts of an object.</param>
internal sealed record EngineKwargs(SortedDictionary<string, JsonNode?> Values, IReadOnlyList<string> Unwritable)
{
    // `model_id` is the served name; adapters are refused.
    private static readonly string[] s_elsewhere = ["served-model-name", "enable-lora", "max-loras", "lora-modules"];

    /// <summary>How many accelerators vLLM takes for one replica.</summary>
    public int Accelerators => Size("tensor_parallel_size") * Size("pipeline_parallel_size");

    public static EngineKwargs Of(ModelDeployment deployment, int gpus, int nodes)
    {
        var values = new SortedDictionary<string, JsonNode?>(StringComparer.Ordinal);
        foreach (var flag in EngineFlags.Of(deployment, gpus, nodes).Where(f => !s_elsewhere.Contains(f.Name)))
            Add(values, flag.Name, flag.Value is null ? [] : [flag.Value]);
        var unwritable = (deployment.Spec.Engine!.Args ?? new Dictionary<string, string>()).Keys.Where(IsPart).ToList();
        foreach (var (name, words) in Further(deployment.Spec.Engine.ExtraArgs ?? [], unwritable)) Add(values, name, words);
        return new EngineKwargs(values, unwritable);
    }

    private static void Add(SortedDictionary<string, JsonNode?> values, string flag, IReadOnlyList<string> words)
    {
        // `--no-enable-prefix-caching` is how a command line says false.
        var negated = words.Count == 0 && flag.StartsWith("no-", StringComparison.Ordinal);
        var name = (negated ? flag[3..] : flag).Replace('-', '_');
        values[name] = words.Count switch
        {
            0 => JsonValue.Create(!negated),
            1 => Typed(name, words[0]),
            _ => new JsonArray([.. words.Select(w => Typed(name, w))]),
        };
    }

    // Python's arguments are not parsed: "64" where a number belongs is an error. A commit may look like a number and is none.
    private static JsonNode? Typed(string name, string word)
    {
        if (name.EndsWith("revision", StringComparison.Ordinal)) return JsonValue.Create(word);
        if (bool.TryParse(word, out var truth)) return JsonValue.Create(truth);
        try
        {
            return JsonSerializer.Deserialize(word, ObjectJson.Default.JsonNode);
        }
        catch (JsonException)
        {
            return JsonValue.Create(word);
        }
    }

    private static Dictionary<string, List<string>> Further(IReadOnlyList<string> words, List<string> unwritable)
    {
        var flags = new Dictionary<string, List<string>>(StringComparer.Ordinal);
        List<string>? last = null;
        foreach (var word in words)
        {
            if (word.StartsWith("--", StringComparison.Ordinal) && word.Length > 2)
            {
                var parts = word[2..].Split('=', 2);
                last = null;
                if (IsPart(parts[0]) || !flags.TryAdd(parts[0], last = [])) unwritable.Add(word);
                if (parts.Length > 1) last?.Add(parts[1]);
            }
            else if (last is not null && (!word.StartsWith('-') || double.TryParse(word, out _)))
            {
                last.Add(word);
            }
            else
            {
                unwritable.Add(word);
            }
        }

        return flags;
    }

    // `--compilation-config.level 3`, which only vLLM's own command line puts together.
    private static bool IsPart(string flag) => flag.Contains('.', StringComparison.Ordinal);

    private int Size(string name) => Values.GetValueOrDefault(name) is JsonValue value && value.TryGetValue<int>(out var size) && size > 0 ? size : 1;
}
