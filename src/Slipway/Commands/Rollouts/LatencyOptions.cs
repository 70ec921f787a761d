using System.CommandLine;
using System.Globalization;
using Slipway.Api.Rollouts;

namespace Slipway.Commands.Rollouts;

/// <summary>How slow a candidate may be: options that take `1.2x`, as often as the model as it is, or a time as `300ms` or `2s`.</summary>
internal sealed class LatencyOptions
{
    private readonly Option<string?> _first = Of("--first-token", "How long nine in ten first tokens may take, as 1.2x of what they take now, 300ms or 2s");
    private readonly Option<string?> _between = Of("--between-tokens", "How long the time between tokens may be in nine of ten answers, likewise");
    private readonly Option<string?> _whole = Of("--whole-answer", "How long nine in ten answers may take, likewise");

    private readonly Option<string?> _cost = new("--cost") { Description = "What nine in ten answers may cost, as 1.2x of what they cost now: the time that they take, by the price of their accelerators", HelpName = "RATIO" };

    public void AddTo(Command command)
    {
        _cost.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var text }] && Ratio(text) is null) result.AddError($"--cost takes a multiple from 0.1x to 100x, as 1.2x, not \"{text}\".");
        });
        command.Options.Add(_cost);
        foreach (var option in (Option[])[_first, _between, _whole]) command.Options.Add(option);
    }

    /// <summary>The limits as a rollout has them.</summary>
    public IReadOnlyList<LatencyLimit> Of(ParseResult parse)
    {
        var limits = new List<LatencyLimit>();
        foreach (var (option, measure) in ((Option<string?>, LatencyMeasure)[])[(_first, LatencyMeasure.FirstToken), (_between, LatencyMeasure.BetweenTokens), (_whole, LatencyMeasure.WholeAnswer)])
        {
            if (parse.GetValue(option) is not { } text || Read(text) is not { } limit) continue;
            limits.Add(new LatencyLimit { Measure = measure, Ratio = limit.IsRatio ? limit.Value : null, Seconds = limit.IsRatio ? null : limit.Value });
        }

        return limits;
    }

    /// <summary>The limit of costs; null where there is none.</summary>
    public CostLimit? Cost(ParseResult parse) => parse.GetValue(_cost) is { } text && Ratio(text) is { } ratio ? new CostLimit { Ratio = ratio } : null;

    private static double? Ratio(string text) =>
        text.EndsWith('x') && double.TryParse(text[..^1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var ratio) && ratio is >= 0.1 and <= 100 ? ratio : null;

    /// <summary>Reads a limit; null when it is none.</summary>
    public static (double Value, bool IsRatio)? Read(string text)
    {
        var (number, factor, ratio) = text switch
        {
            _ when text.EndsWith('x') => (text[..^1], 1.0, true),
            _ when text.EndsWith("ms", StringComparison.Ordinal) => (text[..^2], 0.001, false),
            _ when text.EndsWith('s') => (text[..^1], 1.0, false),
            _ => ("", 0.0, false),
        };
        return double.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) && value * factor is >= 0.0001 and <= 86_400 and var limit && (!ratio || limit is >= 0.5 and <= 100)
            ? (limit, ratio)
            : null;
    }

    private static Option<string?> Of(string name, string description)
    {
        var option = new Option<string?>(name) { Description = description, HelpName = "LIMIT" };
        option.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var text }] && Read(text) is null) result.AddError($"{name} takes a multiple as 1.2x (0.5x to 100x), or a time as 300ms or 2s, not \"{text}\".");
        });
        return option;
    }
}
