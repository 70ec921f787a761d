using System.CommandLine;
using Slipway.Kubernetes.Objects;
using Slipway.Operator;

namespace Slipway.Commands;

/// <summary>`slipway delete`.</summary>
internal static class DeleteCommand
{
    public static Command Create()
    {
        var target = new Target();
        var names = new Argument<string[]>("NAME") { Description = "The deployments", Arity = ArgumentArity.OneOrMore };
        var noWait = new Option<bool>("--no-wait") { Description = "Do not wait until the engines are gone" };
        var command = new ExampledCommand(
            "delete",
            "Delete deployments. Their engines stop; downloaded weights stay in the cache.",
            """
              slipway delete tiny-chat
            """)
        {
            names, noWait,
        };
        target.AddTo(command);
        command.SetAction((parse, cancellationToken) => target.RunAsync(
            parse,
            async (reach, token) =>
            {
                foreach (var name in parse.GetValue(names)!)
                {
                    var key = new NamespacedName(reach.Namespace, name);
                    if (!await reach.Client.DeleteAsync(Kinds.ModelDeployments, key, token)) throw await Find.NotThereAsync(reach, key, token);
                    while (!parse.GetValue(noWait) && await reach.Client.GetAsync(Kinds.ModelDeployments, key, token) is not null)
                        await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, token);
                    await Console.Out.WriteLineAsync($"{key} is {(parse.GetValue(noWait) ? "being deleted" : "deleted")}");
                }

                return ExitCodes.Ok;
            },
            cancellationToken));
        return command;
    }
}
