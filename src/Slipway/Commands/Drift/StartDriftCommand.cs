using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Slipway.Api;
using Slipway.Api.Rollouts;
using Slipway.Api.Schedules;
using Slipway.Commands.Evaluating;
using Slipway.Commands.Rollouts;
using Slipway.Kubernetes.Objects;
using Slipway.Operator;
using Slipway.Web.Manifests;

namespace Slipway.Commands.Drift;

/// <summary>`slipway drift start`.</summary>
internal static class StartDriftCommand
{
    public static Command Create()
    {
        var target = new Target();
        var deployment = new Argument<string>("DEPLOYMENT") { Description = "The deployment that is asked" };
        var suite = new Option<string>("--suite", "-s") { Description = "What it is asked: a suite that comes with Slipway, or a file", HelpName = "SUITE", Required = true };
        var name = new Option<string?>("--name") { Description = "The schedule's name (default: the deployment's)", HelpName = "NAME" };
        var every = new Option<string>("--every") { Description = "Time between runs, such as 30m, 6h or 1d", HelpName = "TIME", DefaultValueFactory = static _ => "6h" };
        var sample = new Option<int?>("--sample") { Description = "Prompts of a run, drawn by chance each time (default: all)", HelpName = "N" };
        var margin = new Option<double>("--margin") { Description = "How far the score may fall without alarm", HelpName = "SHARE", DefaultValueFactory = static _ => 0.05 };
        var length = new Option<int>("--average-run-length") { Description = "Prompts until a false alarm, on average and at the least", HelpName = "N", DefaultValueFactory = static _ => 10_000 };
        var judge = new GateJudgeOptions();
        var dry = new Option<bool>("--dry-run") { Description = "Print the manifests and do nothing" };
        every.Validators.Add(static result =>
        {
            if (result.Tokens is [{ Value: var text }] && Seconds(text) is not (>= 10 and <= 31_536_000)) result.AddError($"--every takes a time from 10s to 365d, such as 30m, 6h or 1d, not \"{text}\".");
        });
        margin.Validators.Add(static result =>
        {
            if (result.Tokens is [{ Value: var text }] && (!double.TryParse(text, CultureInfo.InvariantCulture, out var share) || share is < 0.001 or > 0.9)) result.AddError($"--margin has to lie between 0.001 and 0.9, as 0.05, not \"{text}\".");
        });
        Within(sample, 1, 100_000);
        Within(length, 100, 1_000_000_000);
        var command = new ExampledCommand(
            "start",
            "Begin: the suite is asked whole at once, and then again and again. The alarm is an event and the condition Drifted of the EvaluationSchedule; `slipway drift list` exits with 7 then.",
            """
              slipway drift start tiny-chat --suite tiny-chat --every 6h --sample 50
              slipway drift start qwen3 --suite mine.yaml --every 1d --margin 0.02
              slipway drift start qwen3 --suite arithmetic --dry-run > drift.yaml
            """)
        {
            deployment, suite, name, every, sample, margin, length, dry,
        };
        judge.AddTo(command);
        target.AddTo(command);
        command.SetAction((parse, cancellationToken) => target.RunAsync(
            parse,
            async (reach, token) =>
            {
                var asked = parse.GetRequiredValue(deployment);
                var key = new NamespacedName(reach.Namespace, parse.GetValue(name) ?? asked);
                var reading = SuiteFiles.ReadWhole(parse.GetRequiredValue(suite));
                var written = reading.Manifest!.DeepClone().AsObject();
                written["metadata"]!["namespace"] = reach.Namespace;
                var schedule = new EvaluationSchedule
                {
                    Metadata = new Api.Meta.ObjectMeta { Name = key.Name, Namespace = key.Namespace },
                    Spec = new EvaluationScheduleSpec
                    {
                        DeploymentRef = new LocalReference { Name = asked },
                        SuiteRef = new LocalReference { Name = reading.Suite!.Name },
                        EverySeconds = (int)Seconds(parse.GetRequiredValue(every))!.Value,
                        Sample = parse.GetValue(sample),
                        Margin = parse.GetValue(margin),
                        Judge = judge.Of(parse),
                        Embeddings = judge.Embeddings(parse),
                        AverageRunLength = parse.GetValue(length),
                    },
                };
                var manifest = JsonSerializer.SerializeToNode(schedule, SlipwayJson.Default.EvaluationSchedule)!.AsObject();
                if (parse.GetValue(dry))
                {
                    await Console.Out.WriteLineAsync($"{YamlText.Write(written)}\n---\n{YamlText.Write(manifest)}");
                    return ExitCodes.Ok;
                }

                await Find.DeploymentAsync(reach, new NamespacedName(reach.Namespace, asked), token);
                await reach.Client.ApplyAsync(Kinds.EvaluationSuites, new NamespacedName(reach.Namespace, reading.Suite.Name), written, "slipway-cli", token);
                await reach.Client.ApplyAsync(Kinds.EvaluationSchedules, key, manifest, "slipway-cli", token);
                await Console.Out.WriteLineAsync($"{key}: {reading.Suite.Prompts.Length} prompts are asked now, and later runs are held to that. Look: slipway drift show {key.Name}{reach.Data.Flag}");
                return ExitCodes.Ok;
            },
            cancellationToken));
        return command;
    }

    private static void Within<T>(Option<T> option, int least, int most) => option.Validators.Add(result =>
    {
        if (result.Tokens is [{ Value: var text }] && (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number < least || number > most)) result.AddError($"{option.Name} takes a number from {least} to {most}, not \"{text}\".");
    });

    private static long? Seconds(string text) => text.Length > 1 && int.TryParse(text.AsSpan()[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        ? text[^1] switch { 's' => number, 'm' => 60L * number, 'h' => 3600L * number, 'd' => 86_400L * number, _ => null } : null;
}
