using System.CommandLine;
using System.Globalization;
using Slipway.Capacity.Accelerators;
using Slipway.Capacity.Answers;
using Slipway.Capacity.Answers.Models;
using Slipway.Capacity.Inventory.Local;
using Slipway.Models.Hub.Search;
using Slipway.Models.Memory;
using Slipway.Output;
using Slipway.Up;
using Spectre.Console;

namespace Slipway.Commands.Models;

/// <summary>`slipway models search`.</summary>
internal static class SearchCommand
{
    public static Command Create()
    {
        var text = new Argument<string?>("text") { Description = "Words in the model's name; leave it out to browse", HelpName = "TEXT", Arity = ArgumentArity.ZeroOrOne };
        var task = new Option<SearchTask?>("--task") { Description = "What it is wanted for", HelpName = "chat|embedding|rerank|speech|vision" };
        var author = new Option<string?>("--author") { Description = "Organisation or user", HelpName = "NAME" };
        var tags = new Option<string[]>("--tag") { Description = "Tag of the hub, as gguf, awq, fp8; may be given several times", HelpName = "TAG" };
        var licence = new Option<string?>("--licence") { Description = "Licence, as apache-2.0", HelpName = "NAME" };
        var most = new Option<string?>("--max-size") { Description = "Most parameters, as 8B or 500M", HelpName = "SIZE" };
        var engine = new Option<ServingEngine?>("--engine") { Description = "Only models in a format that this engine takes", HelpName = "vllm|sglang|tensorrtllm|llamacpp" };
        var packing = new Option<string?>("--quantization", "-q") { Description = "How the weights are packed, as awq, gptq, fp8, gguf", HelpName = "TYPE" };
        var fits = new Option<string?>("--fits") { Description = "Only models whose weights fit in so much memory, as 24GB; \"here\" for what this machine has", HelpName = "SIZE|here" };
        var open = new Option<bool>("--open") { Description = "Only models that anybody may download at once" };
        var sort = new Option<SearchSort>("--sort") { Description = "Order", HelpName = "trending|downloads|likes|created|modified" };
        var limit = new Option<int>("--limit") { Description = "How many models to look at for a page", HelpName = "N", DefaultValueFactory = _ => 30 };
        var next = new Option<string?>("--next") { Description = "The page after one that was shown before", HelpName = "CURSOR" };
        var format = OutputOptions.Format();
        var command = new ExampledCommand(
            "search",
            "Search the Hugging Face Hub, or the catalogue that comes with Slipway when the hub cannot be reached.",
            """
              slipway models search qwen3 --task chat --sort downloads
              slipway models search --engine llamacpp --fits here --open
              slipway models search --quantization awq --fits 24GB
              slipway models search llama -o json
            """)
        {
            text, task, author, tags, licence, most, engine, packing, fits, open, sort, limit, next, format,
        };
        most.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && ParameterCount.Parse(result.Tokens[0].Value) is null) result.AddError($"'{result.Tokens[0].Value}' is no size; write it as 8B or 500M");
        });
        fits.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: not "here" and var size }] && MemorySize.Parse(size) is null) result.AddError($"'{size}' is no amount of memory; write it as 24GB or 80GiB, or \"here\"");
        });
        limit.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && (!int.TryParse(result.Tokens[0].Value, out var n) || n is < 1 or > 100)) result.AddError("--limit has to be between 1 and 100");
        });
        command.SetAction((parse, cancellationToken) => ModelOptions.RunAsync(async token =>
        {
            var query = new SearchQuery
            {
                Text = parse.GetValue(text),
                Task = parse.GetValue(task),
                Author = parse.GetValue(author),
                Tags = parse.GetValue(tags) ?? [],
                Licence = parse.GetValue(licence),
                MaxParameters = parse.GetValue(most) is { } size ? ParameterCount.Parse(size) : null,
                Engine = parse.GetValue(engine),
                Quantization = parse.GetValue(packing),
                FitsIn = parse.GetValue(fits) switch { null => null, "here" => HereBytes(), var memory => MemorySize.Parse(memory) },
                // Who asks for small ones wants none of which nobody knows the size.
                KeepUnknown = parse.GetValue(most) is null && parse.GetValue(fits) is null,
                Gated = parse.GetValue(open) ? false : null,
                Sort = parse.GetValue(sort),
                Limit = parse.GetValue(limit),
                Next = parse.GetValue(next),
            };
            using var search = new ModelSearch(LocalMachineFactory.Models(DataDirectory.Locate(null), TimeProvider.System));
            var result = await search.SearchAsync(query, token);
            if (result is SearchResult.Failed { Error: var error }) throw new CommandFailure(ExitCodes.Failed, error.Message);
            var page = (SearchResult.Page)result;
            if (parse.GetValue(format) is not OutputFormat.Table and var other) await Print.ObjectAsync(SearchAnswer.Of(page), AnswersJson.Default.SearchAnswer, other);
            else Write(page);
            return ExitCodes.Ok;
        }, cancellationToken));
        return command;
    }

    // The largest kind of accelerator with all that there are of it; without any, main memory.
    private static long HereBytes()
    {
        var here = new LocalMachineReader().Read();
        var devices = here.Devices.Select(static d => d.Match).OfType<AcceleratorMatch.Known>().GroupBy(static m => m.Device.Key, StringComparer.Ordinal).Select(static g => g.Sum(static m => m.UnitMemoryBytes)).ToList();
        return devices.Count > 0 ? devices.Max()
            : here.MemoryBytes ?? throw new CommandFailure(ExitCodes.Failed, "How much memory this machine has cannot be read. Say it: --fits 16GB");
    }

    private static void Write(SearchResult.Page page)
    {
        var table = new Table().NoBorder().AddColumns("MODEL", "TASK", "PARAMETERS", "PACKED", "LICENCE", "DOWNLOADS", "LIKES", "CHANGED");
        foreach (var model in page.Items)
        {
            string[] row =
            [
                model.Id, model.Task ?? "", Count(model.Parameters), model.Quantisation ?? "", model.Licence ?? "", Count(model.Downloads), Count(model.Likes),
                model.Modified?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "",
            ];
            table.AddRow([.. row.Select(Markup.Escape)]);
        }

        if (page.Items.Count > 0) Wide.Write(table);
        foreach (var model in page.Items.Where(static m => m.ToDo is not null)) Console.Error.WriteLine($"{model.Id}: {model.ToDo}");
        if (page.Items.Count == 0) Console.Error.WriteLine(page.Next is null ? "No model is like that." : "None of those looked at is like that; there are more.");
        if (page.LeftOut > 0) Console.Error.WriteLine($"{page.LeftOut} were left out: they are not like that, or do not say.");
        if (page.Because is { } because) Console.Error.WriteLine($"{Origin(page)}, since: {because.Message}");
        if (page.Next is { } next) Console.Error.WriteLine($"More: the same with --next {next}");
    }

    private static string Origin(SearchResult.Page page) => page.Origin switch
    {
        SearchOrigin.Cache => string.Create(CultureInfo.InvariantCulture, $"This is what the hub said {page.Age.TotalHours:0.#} hours ago"),
        SearchOrigin.BundledCatalogue => "This is the catalogue that comes with Slipway",
        _ => "This is what the hub says",
    };

    private static string Count(long? count) => count switch
    {
        null => "",
        >= 1_000_000_000 => string.Create(CultureInfo.InvariantCulture, $"{count / 1e9:0.#}B"),
        >= 1_000_000 => string.Create(CultureInfo.InvariantCulture, $"{count / 1e6:0.#}M"),
        >= 1_000 => string.Create(CultureInfo.InvariantCulture, $"{count / 1e3:0.#}k"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{count}"),
    };
}
