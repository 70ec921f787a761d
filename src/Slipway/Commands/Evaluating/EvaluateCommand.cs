using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Slipway.Evaluation.Comparing;
using Slipway.Evaluation.Running;
using Slipway.Evaluation.Suites;
using Slipway.Output;

namespace Slipway.Commands.Evaluating;

/// <summary>`slipway evaluate`.</summary>
internal static class EvaluateCommand
{
    public static Command Create()
    {
        var target = new Target();
        var options = new EvaluationOptions();
        var judge = new JudgeOptions();
        var suite = new Argument<string>("suite") { Description = "A suite that comes with Slipway (slipway suites), or a file of your own", HelpName = "SUITE" };
        var model = new Option<string>("--model", "-m") { Description = "The model, as the gateway knows it; NAME@URL for one behind any API in OpenAI's form", HelpName = "NAME", Required = true };
        var least = new Option<double?>("--at-least") { Description = "Exit with 7 unless the score is shown to be so high (its range's lower end), as 0.9", HelpName = "SHARE" };
        least.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && (!double.TryParse(result.Tokens[0].Value, CultureInfo.InvariantCulture, out var share) || share is <= 0 or >= 1)) result.AddError("--at-least has to lie between 0 and 1, as 0.9");
        });
        var wrong = new Option<int>("--show-wrong") { Description = "How many wrong answers to show", HelpName = "N", DefaultValueFactory = _ => 5 };
        var command = new ExampledCommand(
            "evaluate",
            "Ask a model the prompts of a suite and grade its answers.",
            """
              slipway evaluate tiny-chat --model tiny-chat
              slipway evaluate arithmetic --model qwen3 --sample 50 --results arithmetic.jsonl
              slipway evaluate mine.yaml --model llama@http://10.0.0.7:8000 --at-least 0.9 -o json
            """)
        {
            suite, model, least, wrong,
        };
        options.AddTo(command);
        judge.AddTo(command);
        target.AddTo(command, namespaces: false);
        command.SetAction((parse, cancellationToken) => target.RunAsync(
            parse,
            async (reach, token) =>
            {
                using var asked = AskedModel.Of(parse.GetRequiredValue(model), reach, options.Timeout(parse));
                var (read, judging) = judge.Bind(parse, SuiteFiles.Read(parse.GetRequiredValue(suite)), reach, options.Timeout(parse), asked.Name);
                using var given = judging;
                using var file = options.Results(parse, read, asked.Name);
                var results = await RunAsync(read, asked, file, options, parse, token);
                var report = SuiteReport.Of(results);
                if (parse.GetValue(options.Format) is not OutputFormat.Table and var format) await Print.NodeAsync(Json(read, asked, options.Seed(parse), report, results), format);
                else Show(read, asked, report, results, parse.GetValue(wrong));
                return Exit(report, parse.GetValue(least));
            },
            cancellationToken));
        return command;
    }

    private static async Task<List<(Prompt, PromptResult)>> RunAsync(
        EvaluationSuite suite, AskedModel asked, ResultFile file, EvaluationOptions options, ParseResult parse, CancellationToken cancellationToken)
    {
        var prompts = Sampling.Draw(suite, options.Seed(parse), options.Sample(parse));
        var (runner, settings) = (new PromptRunner(TimeProvider.System), options.Settings(parse, suite));
        var results = new List<(Prompt, PromptResult)>();
        if (file.Known > 0) await Console.Error.WriteLineAsync($"{file.Known} answers are known from an earlier run.");
        try
        {
            await EvaluationScreen.ProgressAsync($"{suite.Name}: asking {asked.Name}", prompts.Length, async done =>
            {
                var (sum, graded, outage) = (0.0, 0, new Outage());
                await foreach (var (prompt, result) in SuiteRun.InOrderAsync(prompts, AskAsync, options.Concurrency(parse), cancellationToken))
                {
                    results.Add((prompt, result));
                    outage.Note(asked.Name, result);
                    if (result.Score is { } score) (sum, graded) = (sum + score, graded + 1);
                    done(string.Create(CultureInfo.InvariantCulture, $"{suite.Name}: {results.Count} of {prompts.Length}, {(graded == 0 ? 0 : sum / graded * 100):0.0} % so far"), 1);
                }
            });
        }
        catch (SetupException refused)
        {
            throw new CommandFailure(ExitCodes.Failed, $"{asked.Name} cannot be asked: {refused.Message}");
        }

        return results;

        async Task<PromptResult> AskAsync(Prompt prompt, CancellationToken token)
        {
            if (file.Find(asked.Name, prompt.Id) is { } known) return known;
            var result = await runner.RunAsync(asked.Chat, prompt, settings, token);
            file.Add(asked.Name, result);
            return result;
        }
    }

    private static void Show(EvaluationSuite suite, AskedModel asked, SuiteReport report, IReadOnlyList<(Prompt Prompt, PromptResult Result)> results, int wrong)
    {
        EvaluationScreen.Table(report);
        Console.Out.WriteLine();
        Console.Out.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{asked.Name} on {suite.Name} ({suite.Digest[..19]}): {EvaluationScreen.Percent(report.All.Score)}; first token after {report.FirstToken?.TotalMilliseconds.ToString("0 ms", CultureInfo.InvariantCulture) ?? "unknown time"}, {report.TokensPerSecond?.ToString("0 tokens/s", CultureInfo.InvariantCulture) ?? "unknown speed"} at the median; {report.Tokens} tokens."));
        var poor = results.Where(static r => r.Result.Score is < 1).Take(wrong).ToList();
        if (poor.Count > 0) Console.Out.WriteLine($"\nThe first that are not right (--show-wrong {wrong}):");
        foreach (var (prompt, result) in poor) Console.Out.WriteLine($"  {prompt.Id}: {EvaluationScreen.Line(prompt.Messages[^1].Content)}\n    {EvaluationScreen.Line(result.Reason)}");
        if (report.All.Missing > 0) Console.Error.WriteLine($"{report.All.Missing} prompts have no score: {results.First(static r => r.Result.IsMissing).Result.Reason}");
    }

    private static int Exit(SuiteReport report, double? least)
    {
        if (report.All.Score is not { } score || report.All.Missing > Comparison.MostMissing * report.All.Prompts)
        {
            Console.Error.WriteLine("slipway: too many prompts have no score for one to be told.");
            return ExitCodes.Undecided;
        }

        if (least is not { } share || score.Low >= share) return ExitCodes.Ok;
        Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"slipway: it is not shown that {share * 100:0.#} % are right: the range begins at {score.Low * 100:0.0} %."));
        return ExitCodes.NotGoodEnough;
    }

    private static JsonObject Json(EvaluationSuite suite, AskedModel asked, ulong seed, SuiteReport report, IReadOnlyList<(Prompt Prompt, PromptResult Result)> results)
    {
        var (strata, wrong) = (new JsonArray(), new JsonArray());
        foreach (var row in report.Strata) strata.Add((JsonNode)Stratum(row));
        foreach (var (prompt, result) in results.Where(static r => r.Result.Score is not 1)) wrong.Add((JsonNode)new JsonObject { ["prompt"] = prompt.Id, ["score"] = result.Score, ["reason"] = result.Reason });
        return new JsonObject
        {
            ["suite"] = new JsonObject { ["name"] = suite.Name, ["digest"] = suite.Digest },
            ["model"] = asked.Name,
            ["seed"] = seed,
            ["all"] = Stratum(report.All),
            ["strata"] = strata,
            ["firstTokenSeconds"] = report.FirstToken?.TotalSeconds,
            ["tokensPerSecond"] = report.TokensPerSecond,
            ["tokens"] = report.Tokens,
            ["notRight"] = wrong,
        };
    }

    private static JsonObject Stratum(StratumReport row) => new()
    {
        ["name"] = row.Name,
        ["prompts"] = row.Prompts,
        ["missing"] = row.Missing,
        ["failures"] = row.Failures,
        ["score"] = row.Score is { } score ? new JsonObject { ["low"] = score.Low, ["estimate"] = score.Estimate, ["high"] = score.High } : null,
    };
}
