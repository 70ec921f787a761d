using System.CommandLine;
using System.Text.Json.Nodes;
using Slipway.Api.ModelDeployments;
using Slipway.Kubernetes.Objects;
using Slipway.Operator;

namespace Slipway.Commands;

/// <summary>`slipway restart`.</summary>
internal static class RestartCommand
{
    public static Command Create()
    {
        var target = new Target();
        var name = new Argument<string>("NAME") { Description = "The deployment" };
        var command = new ExampledCommand(
            "restart",
            "Start the replicas of a deployment anew, one after the other where its runtime can. Its declaration stays as it is.",
            """
              slipway restart tiny-chat
              slipway restart qwen3 -n team-a
            """)
        {
            name,
        };
        target.AddTo(command);
        command.SetAction((parse, cancellationToken) => target.RunAsync(
            parse,
            async (reach, token) =>
            {
                var key = new NamespacedName(reach.Namespace, parse.GetValue(name)!);
                await Find.DeploymentAsync(reach, key, token);
                var annotations = new JsonObject { [ModelDeployment.RestartedAtAnnotation] = ModelDeployment.RestartTime(TimeProvider.System.GetUtcNow()) };
                await reach.Client.MergePatchAsync(Kinds.ModelDeployments, key, new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = annotations } }, "slipway-cli", token);
                await Console.Out.WriteLineAsync($"{key} is started anew. See how it is: slipway describe {parse.GetValue(name)}{reach.Data.Flag}");
                return ExitCodes.Ok;
            },
            cancellationToken));
        return command;
    }
}
