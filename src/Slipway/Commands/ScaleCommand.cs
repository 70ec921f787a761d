using System.CommandLine;
using System.Text.Json.Nodes;
using Slipway.Kubernetes.Objects;
using Slipway.Operator;

namespace Slipway.Commands;

/// <summary>`slipway scale`.</summary>
internal static class ScaleCommand
{
    public static Command Create()
    {
        var target = new Target();
        var name = new Argument<string>("NAME") { Description = "The deployment" };
        var replicas = new Argument<int>("REPLICAS") { Description = "How many; 0 stops the model and keeps its declaration" };
        replicas.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var text }] && (!int.TryParse(text, out var count) || count < 0))
                result.AddError($"REPLICAS is a number from 0, not \"{text}\".");
        });
        var command = new ExampledCommand(
            "scale",
            "Set how many replicas of a deployment run.",
            """
              slipway scale tiny-chat 2
              slipway scale tiny-chat 0
            """)
        {
            name, replicas,
        };
        target.AddTo(command);
        command.SetAction((parse, cancellationToken) => target.RunAsync(
            parse,
            async (reach, token) =>
            {
                var key = new NamespacedName(reach.Namespace, parse.GetValue(name)!);
                await Find.DeploymentAsync(reach, key, token);
                var patch = new JsonObject { ["spec"] = new JsonObject { ["scaling"] = new JsonObject { ["replicas"] = parse.GetValue(replicas) } } };
                await reach.Client.MergePatchAsync(Kinds.ModelDeployments, key, patch, "slipway-cli", token);
                await Console.Out.WriteLineAsync($"{key} scales to {parse.GetValue(replicas)}");
                return ExitCodes.Ok;
            },
            cancellationToken));
        return command;
    }
}
