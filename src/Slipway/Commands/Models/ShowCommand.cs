using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Slipway.Capacity.Accelerators;
using Slipway.Models.Memory;
using Slipway.Models.Profiles;
using Slipway.Models.Speed;
using Slipway.Output;
using Spectre.Console;

namespace Slipway.Commands.Models;

/// <summary>`slipway models show`.</summary>
internal static class ShowCommand
{
    // What clouds rent and desks have, from small to large, when nobody names one.
    private static readonly string[] s_usual = ["t4", "l4", "a10g", "rtx4090", "l40s", "a100-80gb-sxm", "h100-sxm", "h200-sxm", "b200", "mi300x"];

    public static Command Create()
    {
        var options = new ModelOptions();
        var command = new ExampledCommand(
            "show",
            "Show what a model is, and on which accelerators it fits at which speed. Weights are not downloaded.",
            """
              slipway models show Qwen/Qwen3-8B
              slipway models show slipway/tiny-chat --engine llamacpp
              slipway models show Qwen/Qwen3-32B --gpu h100-sxm --concurrency 32 --prompt 4000
              slipway models show ./my-model -o json
            """);
        options.AddTo(command);
        command.SetAction((parse, cancellationToken) => ModelOptions.RunAsync(async token =>
        {
            var cache = options.CacheType(parse);
            var accelerators = options.Accelerators(parse) ?? [.. s_usual.Select(AcceleratorTable.Bundled.Find).OfType<AcceleratorFacts>()];
            var profile = await options.ProfileAsync(parse, token);
            var traffic = options.Traffic(parse, profile);
            var settings = new EngineSettings { Engine = parse.GetValue(options.Engine) };
            var rows = accelerators.Select(a => AcceleratorRow.Of(profile, a.Device, traffic, settings, cache)).ToList();
            if (parse.GetValue(options.Format) is not OutputFormat.Table and var format) await Print.NodeAsync(Json(profile, traffic, rows), format);
            else Write(profile, traffic, rows);
            return ExitCodes.Ok;
        }, cancellationToken));
        return command;
    }

    private static void Write(ModelProfile profile, Traffic traffic, IReadOnlyList<AcceleratorRow> rows)
    {
        var facts = new Table().NoBorder().HideHeaders().AddColumns("", "");
        foreach (var (name, value) in ModelFacts.Of(profile)) facts.AddRow(Markup.Escape(name), Markup.Escape(value));
        AnsiConsole.Write(facts);
        AnsiConsole.WriteLine();
        AnsiConsole.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{traffic.Concurrency} at a time, prompts of {traffic.PromptTokens} and answers of {traffic.OutputTokens} tokens:"));
        var table = new Table().NoBorder().AddColumns("ACCELERATOR", "FITS", "DEVICES", "MEMORY", "MOST AT ONCE", "TOKENS/S EACH", "FIRST TOKEN", "WHY");
        foreach (var row in rows) table.AddRow([.. row.Cells().Select(Markup.Escape)]);
        Wide.Write(table);
        foreach (var note in profile.Notes) AnsiConsole.WriteLine($"Note: {note.Message}");
        if (rows.SelectMany(static r => r.Speed?.Outside ?? []).Distinct(StringComparer.Ordinal).ToList() is { Count: > 0 } outside)
            AnsiConsole.WriteLine($"Speeds outside of what was calibrated, with wider bands: {string.Join("; ", outside)}.");
    }

    private static JsonObject Json(ModelProfile profile, Traffic traffic, IReadOnlyList<AcceleratorRow> rows) => new()
    {
        ["model"] = ModelFacts.Json(profile),
        ["traffic"] = new JsonObject { ["promptTokens"] = traffic.PromptTokens, ["outputTokens"] = traffic.OutputTokens, ["concurrency"] = traffic.Concurrency },
        ["accelerators"] = new JsonArray([.. rows.Select(static r => r.Json())]),
    };
}
