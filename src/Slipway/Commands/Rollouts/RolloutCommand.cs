using System.CommandLine;
using System.Text.Json.Nodes;
using Slipway.Api;
using Slipway.Api.Rollouts;
using Slipway.Kubernetes.Objects;
using Slipway.Operator;
using Slipway.Output;
using Spectre.Console;

namespace Slipway.Commands.Rollouts;

/// <summary>`slipway rollout`.</summary>
internal static class RolloutCommand
{
    public static Command Create() => new ExampledCommand(
        "rollout",
        "Change a model that serves, only as fast as evidence allows; a candidate that is worse is turned down by itself.",
        """
          slipway rollout start tiny-chat --model slipway/tiny-chat-q2 --suite tiny-chat --margin 0.1
          slipway rollout list
        """)
    {
        StartCommand.Create(),
        List(),
        Watch(),
        RecordCommand.Create(),
        Change("approve", "Go on where a rollout waits.", "  slipway rollout approve better", static (rollout, _) => Approve(rollout)),
        Change("abort", "Take all traffic back to the model as it was, and remove the candidate.", "  slipway rollout abort worse", static (rollout, _) => Abort(rollout, undo: false)),
        Change("undo", "Go back to the model as it was, while it is still kept (spec.keepStableSeconds).", "  slipway rollout undo better", static (rollout, _) => Abort(rollout, undo: true)),
    };

    /// <summary>Reads a rollout.</summary>
    /// <exception cref="CommandFailure">There is none.</exception>
    public static async Task<ModelRollout> FindAsync(Reach reach, NamespacedName key, CancellationToken cancellationToken) =>
        await reach.Client.GetAsync(Kinds.ModelRollouts, key, cancellationToken)
        ?? throw new CommandFailure(ExitCodes.NotFound, $"There is no rollout {key}. See: slipway rollout list{reach.Data.Flag}");

    private static Command List()
    {
        var target = new Target();
        var format = OutputOptions.Format();
        var command = new ExampledCommand("list", "List the rollouts.", "  slipway rollout list") { format };
        command.Aliases.Add("ls");
        target.AddTo(command);
        command.SetAction((parse, cancellationToken) => target.RunAsync(
            parse,
            async (reach, token) =>
            {
                var found = await reach.Client.ListAsync(Kinds.ModelRollouts, reach.Namespace, token);
                if (parse.GetValue(format) is not OutputFormat.Table and var other)
                {
                    var items = new JsonArray();
                    foreach (var rollout in found) items.Add(System.Text.Json.JsonSerializer.SerializeToNode(rollout, SlipwayJson.Default.ModelRollout));
                    await Print.NodeAsync(new JsonObject { ["apiVersion"] = ModelRollout.GroupVersion, ["kind"] = "ModelRolloutList", ["items"] = items }, other);
                }
                else if (found.Count == 0)
                {
                    await Console.Error.WriteLineAsync($"No rollouts in namespace {reach.Namespace}. Begin one with: slipway rollout start DEPLOYMENT --model MODEL --suite SUITE");
                }
                else
                {
                    var table = new Table().NoBorder().AddColumns("NAME", "DEPLOYMENT", "PHASE", "STEP", "WEIGHT", "WHAT");
                    foreach (var r in found)
                    {
                        string[] row = [r.Metadata.Name!, r.Spec.DeploymentRef.Name, $"{r.Status?.Phase ?? RolloutPhase.Pending}", $"{r.Status?.Step ?? 0} of {r.Spec.Steps.Count}", $"{r.Status?.CandidateWeight ?? 0} %", r.Status?.Message ?? ""];
                        table.AddRow([.. row.Select(Markup.Escape)]);
                    }

                    Models.Wide.Write(table);
                }

                return ExitCodes.Ok;
            },
            cancellationToken));
        return command;
    }

    private static Command Watch()
    {
        var target = new Target();
        var name = new Argument<string>("NAME") { Description = "The rollout" };
        var command = new ExampledCommand(
            "watch",
            "Follow a rollout to its end. Exits with 0 when the candidate has the place, 7 when it was turned down, 8 when it waits for somebody.",
            "  slipway rollout watch better")
        {
            name,
        };
        target.AddTo(command);
        command.SetAction((parse, cancellationToken) => target.RunAsync(parse, (reach, token) => RolloutProgress.FollowAsync(reach, new NamespacedName(reach.Namespace, parse.GetValue(name)!), token), cancellationToken));
        return command;
    }

    private static Command Change(string verb, string what, string examples, Func<ModelRollout, string, (JsonObject Spec, string Said)> change)
    {
        var target = new Target();
        var name = new Argument<string>("NAME") { Description = "The rollout" };
        var command = new ExampledCommand(verb, what, examples) { name };
        target.AddTo(command);
        command.SetAction((parse, cancellationToken) => target.RunAsync(
            parse,
            async (reach, token) =>
            {
                var key = new NamespacedName(reach.Namespace, parse.GetValue(name)!);
                var rollout = await FindAsync(reach, key, token);
                var (spec, said) = change(rollout, verb);
                var patch = new JsonObject { ["metadata"] = new JsonObject { ["resourceVersion"] = rollout.Metadata.ResourceVersion }, ["spec"] = spec };
                await reach.Client.MergePatchAsync(Kinds.ModelRollouts, key, patch, "slipway-cli", token);
                await Console.Out.WriteLineAsync($"{key}: {said}");
                return ExitCodes.Ok;
            },
            cancellationToken));
        return command;
    }

    private static (JsonObject Spec, string Said) Approve(ModelRollout rollout) => rollout.Status?.Phase is RolloutPhase.Paused
        ? (new JsonObject { ["approved"] = (rollout.Status.ApprovalsUsed ?? 0) + 1 }, $"approved: {rollout.Status.Message}")
        : throw new CommandFailure(ExitCodes.Failed, $"{rollout.Metadata.Name} waits for nobody: it is {rollout.Status?.Phase ?? RolloutPhase.Pending}.");

    private static (JsonObject Spec, string Said) Abort(ModelRollout rollout, bool undo) => (rollout.Status?.Phase, undo) switch
    {
        (RolloutPhase.Promoted, _) => throw new CommandFailure(ExitCodes.Failed, $"{rollout.Metadata.Name} is through, and {rollout.Spec.DeploymentRef.Name} is stopped. To go back, begin a rollout of {rollout.Status!.CandidateName} the other way."),
        (RolloutPhase.RolledBack or RolloutPhase.RollingBack, _) => throw new CommandFailure(ExitCodes.Failed, $"{rollout.Metadata.Name} was turned down already."),
        (not RolloutPhase.Promoting, true) => throw new CommandFailure(ExitCodes.Failed, $"{rollout.Metadata.Name} has not taken the place yet: to stop it, slipway rollout abort {rollout.Metadata.Name}"),
        _ => (new JsonObject { ["abort"] = true }, "all traffic goes back"),
    };
}
