using System.CommandLine;
using System.Threading.Channels;
using Slipway.Kubernetes.Objects;
using Slipway.Runtimes.Local.Logs;

namespace Slipway.Commands;

/// <summary>`slipway logs`.</summary>
internal static class LogsCommand
{
    public static Command Create()
    {
        var target = new Target();
        var name = new Argument<string>("NAME") { Description = "The deployment" };
        var follow = new Option<bool>("--follow", "-f") { Description = "Go on as the log grows; Ctrl-C stops" };
        var lines = new Option<int>("--tail") { Description = "How many lines to begin with", HelpName = "N", DefaultValueFactory = _ => 100 };
        var replica = new Option<int?>("--replica") { Description = "Of one replica only, from 0", HelpName = "N" };
        var command = new ExampledCommand(
            "logs",
            "Show what the engines of a deployment wrote.",
            """
              slipway logs tiny-chat
              slipway logs tiny-chat -f --tail 10
            """)
        {
            name, follow, lines, replica,
        };
        target.AddTo(command);
        command.SetAction((parse, cancellationToken) => target.RunAsync(
            parse,
            async (reach, token) =>
            {
                var (ns, deployment) = Split(parse.GetValue(name)!, reach);
                var files = Files(reach.Data.Logs, $"{ns}.{deployment}", parse.GetValue(replica));
                if (files.Count == 0)
                {
                    await Find.DeploymentAsync(reach, new NamespacedName(ns, deployment), token);
                    throw new CommandFailure(ExitCodes.NotFound, $"{ns}/{deployment} has no log yet: no engine of it has been started on this machine. See: slipway describe {deployment}{reach.Data.Flag}");
                }

                var tail = parse.GetValue(lines);
                if (!parse.GetValue(follow))
                {
                    foreach (var file in files)
                    {
                        foreach (var line in await EngineLogs.TailAsync(file, tail, token)) await Console.Out.WriteLineAsync(Prefix(files, file) + line);
                    }

                    return ExitCodes.Ok;
                }

                await FollowAsync(files, tail, token);
                return ExitCodes.Ok;
            },
            cancellationToken));
        return command;
    }

    // The gateway's messages say namespace/name; both forms are taken.
    private static (string Namespace, string Name) Split(string given, Reach reach) =>
        given.Split('/') is [var ns, var name] ? (ns, name) : (reach.Namespace, given);

    private static List<string> Files(string folder, string name, int? replica) =>
        [.. Enumerable.Range(replica ?? 0, replica is null ? 64 : 1).Select(i => EngineLogs.PathOf(folder, name, i)).Where(File.Exists)];

    private static string Prefix(List<string> files, string file) => files.Count == 1 ? "" : $"[{files.IndexOf(file)}] ";

    private static async Task FollowAsync(List<string> files, int tail, CancellationToken cancellationToken)
    {
        var merged = Channel.CreateBounded<string>(1000);
        var readers = files.Select(async file =>
        {
            await foreach (var line in EngineLogs.FollowAsync(file, tail, TimeProvider.System, cancellationToken))
                await merged.Writer.WriteAsync(Prefix(files, file) + line, cancellationToken);
        }).ToList();
        await foreach (var line in merged.Reader.ReadAllAsync(cancellationToken)) await Console.Out.WriteLineAsync(line);
        await Task.WhenAll(readers);
    }
}
