using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace Slipway.Evaluation.Grading.Judging;

/// <summary>
/// Which models are kin, by their names: judges prefer what their own kind wrote (Panickssery et al., "LLM Evaluators Recognize and Favor Their Own Generations", 2024).
/// </summary>
/// <remarks>A name is all there is to go by: a fine-tune under a name of its own is not seen.</remarks>
public static class ModelFamily
{
    // The maker's name first, then the words that models of its have in their names.
    private static readonly ImmutableArray<(string Family, string[] Words)> s_families =
    [
        .. new[]
        {
            "OpenAI: gpt chatgpt davinci o1 o3 o4", "Anthropic: claude", "Google: gemini gemma palm bard codegemma", "Meta: llama codellama vicuna alpaca", "Qwen: qwen qwq qvq",
            "Mistral: mistral mixtral ministral codestral pixtral devstral magistral mathstral zephyr", "DeepSeek: deepseek", "Microsoft: phi wizardlm orca", "IBM: granite", "Cohere: command aya",
            "Zhipu: glm chatglm", "01.AI: yi", "TII: falcon", "Ai2: olmo tulu molmo", "NVIDIA: nemotron minitron", "HuggingFace: smollm smolvlm", "StabilityAI: stablelm stablecode",
            "InternLM: internlm internvl", "Moonshot: kimi moonlight", "MiniMax: minimax", "Baidu: ernie", "Tencent: hunyuan", "AI21: jamba jurassic", "Databricks: dbrx dolly", "BigCode: starcoder",
            "xAI: grok", "Amazon: nova titan", "ByteDance: doubao seed", "LG: exaone", "EleutherAI: pythia neox",
        }.Select(static line => line.Split(": ")).Select(static p => (p[0], p[1].Split(' '))),
    ];

    /// <summary>The families of a model; several for a model of one that was taught by another (DeepSeek-R1-Distill-Qwen). Its name's first word when none is known.</summary>
    /// <param name="model">The model's name, such as <c>meta-llama/Llama-3.1-8B-Instruct</c>.</param>
    public static ImmutableHashSet<string> Of(string model)
    {
        ArgumentNullException.ThrowIfNull(model);
        var name = model[(model.LastIndexOf('/') + 1)..];
        var words = s_words.Matches(name.ToLowerInvariant()).Select(static m => m.Value).ToImmutableArray();
        var families = s_families.Where(f => f.Words.Any(w => words.Any(n => n == w || Plain(n) == w || (n.Contains(w, StringComparison.Ordinal) && w.Length >= 5)))).Select(static f => f.Family).ToImmutableHashSet(StringComparer.Ordinal);
        return families.IsEmpty ? [words.FirstOrDefault(name.ToLowerInvariant())] : families;
    }

    /// <summary>A family that both models are of; null when there is none.</summary>
    public static string? Shared(string one, string other) => Of(one).Intersect(Of(other)).Order(StringComparer.Ordinal).FirstOrDefault();

    // "qwen2" is qwen, "o3" is itself.
    private static string Plain(string word) => word.TrimEnd('0', '1', '2', '3', '4', '5', '6', '7', '8', '9');

    private static readonly Regex s_words = new("[a-z]+[0-9]*", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
}
