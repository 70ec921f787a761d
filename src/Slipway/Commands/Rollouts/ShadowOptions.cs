using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Api;
using Slipway.Api.Rollouts;
using Slipway.Evaluation.Suites;
using Slipway.Web.Manifests;

namespace Slipway.Commands.Rollouts;

/// <summary>Users' requests, asked of the candidate a second time: `--shadow recorded`, `recorded:300` or `live:10`, with who grades what was recorded.</summary>
internal sealed class ShadowOptions
{
    private readonly Option<string?> _shadow = new("--shadow") { Description = "Ask the candidate what users asked, unseen by them: what was recorded, N requests at most, or copies of so many per cent of what comes in", HelpName = "recorded[:N]|live:PERCENT" };
    private readonly Option<string?> _graders = new("--shadow-graders") { Description = "Who grades recorded answers and the candidate's, as rougeL,finish; or a list in YAML", HelpName = "TYPES" };
    private readonly Option<double?> _margin = new("--shadow-margin") { Description = "How much worse those grades may be (default: 0.05)", HelpName = "SHARE" };

    public ShadowOptions()
    {
        _shadow.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var text }] && Read(text) is null) result.AddError($"--shadow takes recorded, recorded:N, or live:PERCENT from 1 to 100, not \"{text}\".");
        });
        _graders.Validators.Add(result =>
        {
            if (result.Tokens is not [{ Value: var text }]) return;
            var problems = Graders(text, out var list);
            if (list is null || problems.Count > 0) result.AddError($"--shadow-graders cannot be read: {string.Join("; ", problems)}");
        });
        _margin.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var text }] && (!double.TryParse(text, CultureInfo.InvariantCulture, out var share) || share is < 0.001 or > 0.9)) result.AddError("--shadow-margin has to lie between 0.001 and 0.9, as 0.1");
        });
    }

    public void AddTo(Command command)
    {
        command.Options.Add(_shadow);
        command.Options.Add(_graders);
        command.Options.Add(_margin);
        command.Validators.Add(result =>
        {
            var source = result.GetValue(_shadow) is { } text ? Read(text)?.Source : null;
            if (result.GetValue(_graders) is not null && source is not ShadowSource.Recorded) result.AddError("--shadow-graders needs --shadow recorded: what is answered to a live copy is thrown away.");
            if (result.GetValue(_margin) is not null && result.GetValue(_graders) is null) result.AddError("--shadow-margin needs --shadow-graders: it says how much worse their grades may be.");
        });
    }

    /// <summary>The step; null for none.</summary>
    /// <param name="parse">What was given.</param>
    /// <param name="judge">Who judges and embeds for the rollout's graders, those of gates and these.</param>
    public ShadowStep? Of(ParseResult parse, GateJudgeOptions judge)
    {
        if (parse.GetValue(_shadow) is not { } text || Read(text) is not { } step) return null;
        IReadOnlyList<EvaluationGrader>? graders = null;
        if (parse.GetValue(_graders) is { } types) Graders(types, out graders);
        bool Asks(string type) => graders?.Any(g => g.Type == type || (g.Type == "not" && g.With?.GetProperty("type").ValueEquals(type) == true)) == true;
        return step with { Graders = graders, Margin = parse.GetValue(_margin), Judge = Asks("judge") ? judge.Of(parse) : null, Embeddings = Asks("embedding") ? judge.Embeddings(parse) : null };
    }

    /// <summary>Reads what is to be asked; null when it is nothing of that kind.</summary>
    public static ShadowStep? Read(string text) => text.Split(':', 2) switch
    {
        ["recorded"] => new ShadowStep { Source = ShadowSource.Recorded },
        ["recorded", var most] when int.TryParse(most, NumberStyles.None, CultureInfo.InvariantCulture, out var n) && n is >= 1 and <= 100_000 => new ShadowStep { Source = ShadowSource.Recorded, Sample = n },
        ["live", var share] when int.TryParse(share, NumberStyles.None, CultureInfo.InvariantCulture, out var percent) && percent is >= 1 and <= 100 => new ShadowStep { Source = ShadowSource.Live, Percent = percent },
        _ => null,
    };

    private static IReadOnlyList<string> Graders(string text, out IReadOnlyList<EvaluationGrader>? graders)
    {
        graders = null;
        try
        {
            var list = text.TrimStart().StartsWith('[') ? YamlText.Read(text) as JsonArray : new JsonArray([.. text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(static t => (JsonNode)t)]);
            if (list is not { Count: > 0 }) return ["name at least one grader"];
            var whole = new JsonArray([.. list.Select(static g => g is JsonValue type ? new JsonObject { ["type"] = type.DeepClone() } : g?.DeepClone())]);
            var problems = SuiteReader.ReadGraders(whole).Problems;
            if (problems.IsEmpty) graders = whole.Deserialize(SlipwayJson.Default.IReadOnlyListEvaluationGrader);
            return problems;
        }
        catch (Exception wrong) when (wrong is FormatException or JsonException)
        {
            return [wrong.Message];
        }
    }
}
