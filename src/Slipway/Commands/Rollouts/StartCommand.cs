using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Api;
using Slipway.Api.Rollouts;
using Slipway.Commands.Evaluating;
using Slipway.Kubernetes.Objects;
using Slipway.Operator;
using Slipway.Web.Manifests;
using Slipway.Web.Rollouts.Begin;

namespace Slipway.Commands.Rollouts;

/// <summary>`slipway rollout start`.</summary>
internal static class StartCommand
{
    public static Command Create()
    {
        var target = new Target();
        var deployment = new Argument<string>("DEPLOYMENT") { Description = "The deployment that is to be changed" };
        var name = new Option<string?>("--name") { Description = "The rollout's name (default: the deployment's, and the time)", HelpName = "NAME" };
        var model = new Option<string?>("--model", "-m") { Description = "Another model", HelpName = "MODEL" };
        var revision = new Option<string?>("--revision") { Description = "Another revision", HelpName = "REVISION" };
        var quantization = new Option<string?>("--quantization", "-q") { Description = "Another quantisation, as Q4_K_M", HelpName = "TYPE" };
        var image = new Option<string?>("--image") { Description = "Another image of the engine", HelpName = "IMAGE" };
        var args = new Option<string[]>("--arg") { Description = "An argument of the engine; may be given several times", HelpName = "NAME=VALUE" };
        var patch = new Option<string?>("--patch") { Description = "Anything else, as a merge patch of the deployment's spec in YAML or JSON", HelpName = "TEXT" };
        var suite = new Option<string>("--suite", "-s") { Description = "What both are asked: a suite that comes with Slipway, or a file", HelpName = "SUITE", Required = true };
        var margin = new Option<double>("--margin") { Description = "How much worse is still good enough", HelpName = "SHARE", DefaultValueFactory = _ => 0.05 };
        var repeats = new Option<int>("--repeats") { Description = "How often each prompt is asked", HelpName = "N", DefaultValueFactory = _ => 1 };
        var underpowered = new Option<bool>("--allow-underpowered") { Description = "Begin although the suite is too small to show what is asked for: it may end without a verdict" };
        var canary = new Option<string>("--canary") { Description = "Shares of the traffic that the candidate takes one after the other, in per cent", HelpName = "N,N", DefaultValueFactory = _ => "10,50" };
        var latency = new LatencyOptions();
        var judge = new GateJudgeOptions();
        var capacity = new CapacityOptions();
        var (parity, shadow) = (new ParityOption(), new ShadowOptions());
        var pause = new Option<bool>("--approve") { Description = "Wait for approval before the candidate takes any traffic" };
        var keep = new Option<int>("--keep-stable") { Description = "Seconds that the model as it was is kept after its place was taken", HelpName = "SECONDS", DefaultValueFactory = _ => 600 };
        var dry = new Option<bool>("--dry-run") { Description = "Print the manifests and do nothing" };
        var noWait = new Option<bool>("--no-wait") { Description = "Do not follow it" };
        var command = new ExampledCommand(
            "start",
            "Begin a rollout: the candidate runs beside the deployment, answers a suite as well, takes some of the traffic, and then the place; or it is turned down.",
            """
              slipway rollout start tiny-chat --model slipway/tiny-chat-q2 --suite tiny-chat --margin 0.1
              slipway rollout start qwen3 --quantization Q4_K_M --suite arithmetic --canary 5,25,50 --approve
              slipway rollout start qwen3 --arg max-num-seqs=512 --suite arithmetic --first-token 1.2x --between-tokens 40ms
              slipway rollout start llama --model org/llama-next --suite mine.yaml --strategy swap --budget-requests 5000 --budget-accelerator-hours 2
              slipway rollout start llama --model org/llama-next --suite mine.yaml --strategy shadowoffline --allow-downtime
              slipway rollout start qwen3 --revision v2 --suite arithmetic --canary 10,25 --control-replica --first-token 1.2x --cost 1.1x --warmup 200
              slipway rollout start qwen3 --image vllm/vllm-openai:v0.12.0 --suite arithmetic --parity divergence=0.05,agreement=0.9 --shadow recorded:300 --shadow-graders finish,rougeL --shadow-margin 0.3
              slipway rollout start llama --image vllm/vllm-openai:v0.12.0 --suite mine.yaml --dry-run > rollout.yaml
            """)
        {
            deployment, name, model, revision, quantization, image, args, patch, suite, margin, repeats, underpowered, canary, pause, keep, dry, noWait,
        };
        latency.AddTo(command);
        judge.AddTo(command);
        capacity.AddTo(command);
        parity.AddTo(command);
        shadow.AddTo(command);
        args.Validators.Add(result =>
        {
            foreach (var token in result.Tokens.Where(static t => !t.Value.Contains('=', StringComparison.Ordinal))) result.AddError($"--arg takes NAME=VALUE, not \"{token.Value}\".");
        });
        canary.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: { Length: > 0 } text }] && !text.Split(',').All(static t => int.TryParse(t, out var n) && n is >= 1 and <= 100)) result.AddError($"--canary takes numbers from 1 to 100, as 10,50, not \"{text}\".");
        });
        margin.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && (!double.TryParse(result.Tokens[0].Value, CultureInfo.InvariantCulture, out var share) || share is < 0.001 or > 0.9)) result.AddError("--margin has to lie between 0.001 and 0.9, as 0.05");
        });
        target.AddTo(command);
        command.SetAction((parse, cancellationToken) => target.RunAsync(
            parse,
            async (reach, token) =>
            {
                var stable = parse.GetRequiredValue(deployment);
                var candidate = Candidate(parse.GetValue(model), parse.GetValue(revision), parse.GetValue(quantization), parse.GetValue(image), parse.GetValue(args) ?? [], parse.GetValue(patch));
                var rolloutName = parse.GetValue(name) ?? RolloutDraft.NameOf(stable, TimeProvider.System.GetUtcNow());
                var reading = SuiteFiles.ReadWhole(parse.GetRequiredValue(suite));
                var gate = new QualityGateSpec
                {
                    SuiteRef = new LocalReference { Name = reading.Suite!.Name },
                    Margin = parse.GetValue(margin),
                    Repeats = parse.GetValue(repeats),
                    Judge = judge.Of(parse),
                    Embeddings = judge.Embeddings(parse),
                    AllowUnderpowered = parse.GetValue(underpowered) ? true : null,
                };
                var draft = new RolloutDraft
                {
                    Space = reach.Namespace,
                    Name = rolloutName,
                    Deployment = stable,
                    Candidate = JsonSerializer.SerializeToElement(candidate),
                    Quality = gate,
                    Parity = parity.Of(parse, reading.Suite.Name),
                    Shadow = shadow.Of(parse, judge),
                    Approve = parse.GetValue(pause),
                    // With nobody else to answer there are no shares.
                    Weights = parse.GetResult(canary) is null or { Implicit: true } && capacity.Capacity(parse)?.Strategy is CapacityStrategy.ShadowOffline ? [] : [.. parse.GetRequiredValue(canary).Split(',', StringSplitOptions.RemoveEmptyEntries).Select(static w => int.Parse(w, CultureInfo.InvariantCulture))],
                    Latency = latency.Of(parse),
                    Cost = latency.Cost(parse),
                    Capacity = capacity.Capacity(parse),
                    Budget = capacity.Budget(parse),
                    WarmupRequests = capacity.Warmup(parse),
                    KeepStableSeconds = parse.GetValue(keep),
                };
                var written = reading.Manifest!.DeepClone().AsObject();
                written["metadata"]!["namespace"] = reach.Namespace;
                if (parse.GetValue(dry))
                {
                    JsonNode[] manifests = [written, JsonSerializer.SerializeToNode(draft.Gate(), SlipwayJson.Default.QualityGate)!, JsonSerializer.SerializeToNode(draft.Rollout(), SlipwayJson.Default.ModelRollout)!];
                    await Console.Out.WriteLineAsync(string.Join("---\n", manifests.Select(static m => YamlText.Write(m) + "\n")).TrimEnd());
                    return ExitCodes.Ok;
                }

                if (GatePower.Lack(gate, reading.Suite) is { } lack) throw new CommandFailure(ExitCodes.Failed, $"{lack.What}: nothing was begun.\nTake a larger suite, --margin {lack.Margin}, or --allow-underpowered to try: it may end without a verdict, and that is no pass.");
                await Find.DeploymentAsync(reach, new NamespacedName(reach.Namespace, stable), token);
                await reach.Client.ApplyAsync(Kinds.EvaluationSuites, new NamespacedName(reach.Namespace, reading.Suite.Name), written, "slipway-cli", token);
                await reach.Client.ApplyAsync(Kinds.QualityGates, new NamespacedName(reach.Namespace, rolloutName), JsonSerializer.SerializeToNode(draft.Gate(), SlipwayJson.Default.QualityGate)!.AsObject(), "slipway-cli", token);
                await reach.Client.CreateAsync(Kinds.ModelRollouts, draft.Rollout(), token);
                if (!parse.GetValue(noWait)) return await RolloutProgress.FollowAsync(reach, new NamespacedName(reach.Namespace, rolloutName), token);
                await Console.Out.WriteLineAsync($"{reach.Namespace}/{rolloutName} is begun. Follow it: slipway rollout watch {rolloutName}{reach.Data.Flag}");
                return ExitCodes.Ok;
            },
            cancellationToken));
        return command;
    }

    private static JsonObject Candidate(string? model, string? revision, string? quantization, string? image, string[] args, string? patch)
    {
        JsonObject candidate;
        try
        {
            candidate = patch is null ? [] : YamlText.Read(patch) as JsonObject ?? throw new FormatException("it is no object");
        }
        catch (FormatException wrong)
        {
            throw new CommandFailure(ExitCodes.Failed, $"--patch cannot be read: {wrong.Message}");
        }

        void Set(string group, string field, JsonNode? value)
        {
            if (value is null) return;
            if (candidate[group] is not JsonObject map) candidate[group] = map = [];
            map[field] = value;
        }

        Set("model", "id", model);
        Set("model", "revision", revision);
        Set("model", "quantization", quantization);
        Set("engine", "image", image);
        if (args.Length > 0)
        {
            var map = new JsonObject();
            foreach (var arg in args) map[arg[..arg.IndexOf('=', StringComparison.Ordinal)]] = arg[(arg.IndexOf('=', StringComparison.Ordinal) + 1)..];
            Set("engine", "args", map);
        }

        return candidate.Count > 0 ? candidate : throw new CommandFailure(ExitCodes.Failed, "Say what is to be different: --model, --revision, --quantization, --image, --arg or --patch.");
    }
}
