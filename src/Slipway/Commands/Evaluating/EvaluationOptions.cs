using System.CommandLine;
using System.Text.Json.Nodes;
using Slipway.Evaluation.Chat;
using Slipway.Evaluation.Suites;

namespace Slipway.Commands.Evaluating;

/// <summary>What `evaluate` and `compare` both ask for.</summary>
internal sealed class EvaluationOptions
{
    private readonly Option<ulong> _seed = new("--seed") { Description = "Decides which prompts are drawn and in which order", HelpName = "N", DefaultValueFactory = _ => 1 };
    private readonly Option<int?> _sample = Positive("--sample", "Ask only so many prompts, drawn with the strata in their shares", 1_000_000);
    private readonly Option<int?> _concurrency = Positive("--concurrency", "Prompts at the same time (default: 4)", 512);
    private readonly Option<int?> _timeout = Positive("--timeout", "Seconds that an answer may take (default: 120)", 86_400);
    private readonly Option<double?> _temperature = new("--temperature", "-t") { Description = "Instead of the suite's own; a suite that gives none leaves it to the engine", HelpName = "N" };
    private readonly Option<string?> _results = new("--results") { Description = "Keep every answer in this file; a run that was broken off goes on from it", HelpName = "FILE" };

    public Option<Output.OutputFormat> Format { get; } = Output.OutputOptions.Format();

    public void AddTo(Command command)
    {
        _temperature.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && (!double.TryParse(result.Tokens[0].Value, out var t) || t is < 0 or > 2)) result.AddError("--temperature has to be between 0 and 2");
        });
        foreach (var option in (Option[])[_seed, _sample, _concurrency, _timeout, _temperature, _results, Format]) command.Add(option);
    }

    public ulong Seed(ParseResult parse) => parse.GetValue(_seed);

    public int? Sample(ParseResult parse) => parse.GetValue(_sample);

    public int Concurrency(ParseResult parse) => parse.GetValue(_concurrency) ?? 4;

    public TimeSpan Timeout(ParseResult parse) => TimeSpan.FromSeconds(parse.GetValue(_timeout) ?? 120);

    public RequestSettings Settings(ParseResult parse, EvaluationSuite suite) => suite.Settings with { Temperature = parse.GetValue(_temperature) ?? suite.Settings.Temperature };

    /// <summary>Opens the file of results.</summary>
    public ResultFile Results(ParseResult parse, EvaluationSuite suite, params ReadOnlySpan<string> models)
    {
        var names = new JsonArray();
        foreach (var model in models) names.Add((JsonNode)model);
        return ResultFile.Open(parse.GetValue(_results), new JsonObject { ["suite"] = suite.Name, ["digest"] = suite.Digest, ["models"] = names, ["temperature"] = Settings(parse, suite).Temperature });
    }

    private static Option<int?> Positive(string name, string description, int most)
    {
        var option = new Option<int?>(name) { Description = description, HelpName = "N" };
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && (!int.TryParse(result.Tokens[0].Value, out var n) || n < 1 || n > most)) result.AddError($"{name} has to be between 1 and {most}");
        });
        return option;
    }
}
