using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Slipway.Evaluation.Comparing;
using Slipway.Evaluation.Running;
using Slipway.Evaluation.Statistics;
using Slipway.Evaluation.Suites;
using Slipway.Output;

namespace Slipway.Commands.Evaluating;

/// <summary>`slipway compare`.</summary>
internal static class CompareCommand
{
    public static Command Create()
    {
        var target = new Target();
        var options = new EvaluationOptions();
        var judge = new JudgeOptions();
        var method = new MethodOptions();
        var baseline = new Argument<string>("baseline") { Description = "The model as it is: a name that the gateway knows, or NAME@URL", HelpName = "BASELINE" };
        var candidate = new Argument<string>("candidate") { Description = "The one that may take its place", HelpName = "CANDIDATE" };
        var suite = new Option<string>("--suite", "-s") { Description = "A suite that comes with Slipway (slipway suites), or a file of your own", HelpName = "SUITE", Required = true };
        var margin = Share("--margin", "How much worse is still good enough, as 0.05 for five prompts in a hundred", 0.05);
        var alpha = Share("--alpha", "The chance of passing a candidate that is worse by the margin, and of failing one that is not", 0.05);
        var discordance = Share("--discordance", "The share of prompts on which equal models differ, for the question whether the suite is large enough; compare a model with itself to learn it", Power.AssumedDiscordance);
        var underpowered = new Option<bool>("--allow-underpowered") { Description = "Begin although the suite is too small to show what is asked for" };
        var all = new Option<bool>("--all") { Description = "Ask every prompt, although the verdict may stand before; it does not change after" };
        var command = new ExampledCommand(
            "compare",
            "Ask two models the same prompts until it is shown whether the candidate is good enough. The first verdict counts. By betting the evidence may be looked at all the time; the other methods look when it was planned.",
            """
              slipway compare tiny-chat tiny-chat-q2 --suite tiny-chat --margin 0.1
              slipway compare qwen3 qwen3 --suite arithmetic --all          (how much does it differ from itself?)
              slipway compare qwen3 qwen3-q4 --suite mine.yaml --sample 800 --method group-sequential --looks 4
              slipway compare prod new@http://10.0.0.7:8000 --suite mine.yaml --results pairs.jsonl -o json
            """)
        {
            baseline, candidate, suite, margin, alpha, discordance, underpowered, all,
        };
        method.AddTo(command);
        options.AddTo(command);
        judge.AddTo(command);
        target.AddTo(command, namespaces: false);
        command.SetAction((parse, cancellationToken) => target.RunAsync(
            parse,
            async (reach, token) =>
            {
                var test = new NonInferiority(parse.GetValue(margin), parse.GetValue(alpha), parse.GetValue(alpha));
                using var a = AskedModel.Of(parse.GetRequiredValue(baseline), reach, options.Timeout(parse));
                using var b = AskedModel.Of(parse.GetRequiredValue(candidate), reach, options.Timeout(parse));
                var (read, judging) = judge.Bind(parse, SuiteFiles.Read(parse.GetRequiredValue(suite)), reach, options.Timeout(parse), a.Name, b.Name);
                using var given = judging;
                var prompts = Sampling.Draw(read, options.Seed(parse), options.Sample(parse));
                var clusters = prompts.Select(static p => p.Cluster).Distinct(StringComparer.Ordinal).Count();
                if (!parse.GetValue(underpowered) && !parse.GetValue(all)) RefuseUnderpowered(test, clusters, parse.GetValue(discordance), method.Method(parse), method.Looks(parse));
                var plan = PlannedLooks.Of(method.Method(parse), method.Looks(parse), test, clusters);
                using var file = options.Results(parse, read, a.Name, b.Name);
                var pairs = new PairRun(new PromptRunner(TimeProvider.System), a, b, options.Settings(parse, read), file);
                var seen = await pairs.RunAsync(read, prompts, new Comparison(test, looks: plan), options.Concurrency(parse), parse.GetValue(all), token);
                if (parse.GetValue(options.Format) is not OutputFormat.Table and var format) await Print.NodeAsync(Json(read, a, b, options.Seed(parse), test, method.Method(parse), plan, seen), format);
                else CompareScreen.Show(a.Name, b.Name, test, plan, seen);
                return seen.State.Verdict switch { Verdict.Pass => ExitCodes.Ok, Verdict.Fail => ExitCodes.NotGoodEnough, _ => ExitCodes.Undecided };
            },
            cancellationToken));
        return command;
    }

    private static void RefuseUnderpowered(NonInferiority test, int units, double discordance, TestMethod method, int? looks)
    {
        if (Power.Short(test, units, discordance, method, looks) is not { } lack) return;
        throw new CommandFailure(ExitCodes.Failed, string.Create(
            CultureInfo.InvariantCulture,
            $"{units} prompts are too few: to show that a model as good is no more than {test.Margin * 100:0.##} points worse takes about {lack.Needed}, where {discordance * 100:0.#} in 100 answers differ (--discordance).\n" +
            $"Take a larger suite, a margin of {lack.Margin:0.###}, or --allow-underpowered to try: it may end without a verdict, and that is no pass."));
    }

    private static JsonObject Json(EvaluationSuite suite, AskedModel a, AskedModel b, ulong seed, NonInferiority test, TestMethod method, PlannedLooks? plan, PairsSeen seen)
    {
        var (evidence, state) = (seen.Evidence, seen.State);
        var differing = new JsonArray();
        foreach (var pair in seen.Pairs.Where(static p => p.Baseline.Score != p.Candidate.Score))
        {
            differing.Add((JsonNode)new JsonObject
            {
                ["prompt"] = pair.Prompt.Id,
                ["baseline"] = new JsonObject { ["score"] = pair.Baseline.Score, ["text"] = pair.Baseline.Answer.Text, ["reason"] = pair.Baseline.Reason },
                ["candidate"] = new JsonObject { ["score"] = pair.Candidate.Score, ["text"] = pair.Candidate.Answer.Text, ["reason"] = pair.Candidate.Reason },
            });
        }

        return new JsonObject
        {
            ["suite"] = new JsonObject { ["name"] = suite.Name, ["digest"] = suite.Digest },
            ["baseline"] = a.Name,
            ["candidate"] = b.Name,
            ["seed"] = seed,
            ["verdict"] = state.Verdict.ToString(),
            ["reason"] = state.Reason,
            ["test"] = new JsonObject { ["margin"] = test.Margin, ["alpha"] = test.Alpha, ["alphaFail"] = test.AlphaFail, ["method"] = method.ToString(), ["looks"] = plan?.Looks },
            ["decidedAfter"] = seen.DecidedAfter,
            ["pairs"] = evidence.Units,
            ["better"] = evidence.Counts.Better,
            ["same"] = evidence.Counts.Same,
            ["worse"] = evidence.Counts.Worse,
            ["missing"] = evidence.Missing,
            ["baselineScore"] = evidence.Units == 0 ? null : evidence.Baseline / evidence.Units,
            ["candidateScore"] = evidence.Units == 0 ? null : evidence.Candidate / evidence.Units,
            ["discordance"] = evidence.Counts.Discordance,
            ["logEvidence"] = new JsonObject { ["pass"] = state.Judgement.LogPass, ["fail"] = state.Judgement.LogFail, ["passAt"] = -Math.Log(test.Alpha), ["failAt"] = -Math.Log(test.AlphaFail) },
            ["morePairs"] = plan is null && state.Verdict is Verdict.Undecided ? Power.More(test, evidence) : null,
            ["differing"] = differing,
        };
    }

    private static Option<double> Share(string name, string description, double usual)
    {
        var option = new Option<double>(name) { Description = description, HelpName = "SHARE", DefaultValueFactory = _ => usual };
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && (!double.TryParse(result.Tokens[0].Value, CultureInfo.InvariantCulture, out var share) || share is <= 0 or >= 1)) result.AddError($"{name} has to lie between 0 and 1, as {usual}");
        });
        return option;
    }
}
