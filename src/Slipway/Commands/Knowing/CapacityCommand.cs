using System.CommandLine;
using System.Globalization;
using Slipway.Capacity.Answers;
using Slipway.Capacity.Inventory.Watched;
using Slipway.Capacity.Prices;
using Slipway.Commands.Models;
using Slipway.Knowing;
using Slipway.Output;
using Spectre.Console;

namespace Slipway.Commands.Knowing;

/// <summary>`slipway capacity`.</summary>
internal static class CapacityCommand
{
    public static Command Create()
    {
        var target = new Target();
        var book = Amounts.Book();
        var format = OutputOptions.Format();
        var command = new ExampledCommand(
            "capacity",
            "Show the accelerators of a cluster, who has them, what is free and what the nodes cost; or those of this machine, when there is no cluster or it has no nodes.",
            """
              slipway capacity
              slipway capacity --kubeconfig ~/.kube/config
              slipway capacity --prices our-prices.csv -o json
            """)
        {
            book, format,
        };
        target.AddTo(command, namespaces: false);
        command.SetAction((parse, cancellationToken) => target.RunAsync(
            parse,
            async (reach, token) =>
            {
                var prices = await KnownPrices.ReadAsync(reach.Data.PriceStore, parse.GetValue(book));
                var answer = await ReadAsync(reach, prices, token);
                if (parse.GetValue(format) is not OutputFormat.Table and var other) await Print.ObjectAsync(answer, AnswersJson.Default.CapacityAnswer, other);
                else Write(answer);
                return ExitCodes.Ok;
            },
            cancellationToken));
        return command;
    }

    private static async Task<CapacityAnswer> ReadAsync(Reach reach, PriceBook prices, CancellationToken cancellationToken)
    {
        try
        {
            return await new Answers(reach.IsKnown ? reach.Client : null, TimeProvider.System).CapacityAsync(prices, reach.IsCluster, cancellationToken);
        }
        catch (HttpRequestException stopped) when (!reach.IsCluster)
        {
            // Slipway need not run for its machine to be looked at.
            await Console.Error.WriteLineAsync($"slipway: {reach.Unreachable(stopped)}");
            return await new Answers(null, TimeProvider.System).CapacityAsync(prices, false, cancellationToken);
        }
    }

    private static void Write(CapacityAnswer answer)
    {
        var machine = answer.Of == "machine";
        if (answer.Nodes.IsEmpty)
        {
            Console.Error.WriteLine("The cluster has no nodes.");
            return;
        }

        if (machine) Console.Out.WriteLine("This machine:");
        var table = new Table().NoBorder().AddColumns("NODE", "MACHINE", "ACCELERATORS", "MEMORY EACH", "TAKEN", "FREE", "CPU FREE", "MEMORY FREE", "HOUR", "IDLE", "TAKES PODS");
        foreach (var node in answer.Nodes)
        {
            string[] head = [node.Name, node.MachineType is null ? "unknown" : $"{node.MachineType}{(node.Spot ? " (spot)" : "")}"];
            string[] tail =
            [
                node.FreeCpuMillis is { } cpu ? Number(cpu / 1000d) : "unknown", Amounts.Gib(node.FreeMemoryBytes), Amounts.Price(node.Price), Amounts.Money(node.IdlePerHour),
                node.Refusals.IsEmpty ? "yes" : $"{(node.Schedulable ? "yes" : "no")}: {string.Join("; ", node.Refusals)}",
            ];
            if (node.Devices.IsEmpty) Row(table, [.. head, "none", "", "", "", .. tail]);
            for (var i = 0; i < node.Devices.Length; i++) Row(table, [.. i == 0 ? head : ["", ""], .. Cells(node.Devices[i]), .. i == 0 ? tail : ["", "", "", "", ""]]);
        }

        Wide.Write(table);
        foreach (var node in answer.Nodes)
        {
            foreach (var device in node.Devices)
            {
                foreach (var holder in device.Holders) Console.Out.WriteLine($"{node.Name}: {holder.Units} {device.Resource}: {holder.Namespace}/{holder.Pod}{(holder.Deployment is { } model ? $", of deployment {model}" : "")}");
                if (device.Unknown is { } why) Console.Out.WriteLine($"{node.Name}: {device.Resource} is not known: {why}{Seen(device)}.");
                if (device.Note is { } note) Console.Out.WriteLine($"{node.Name}: {device.Resource}: {note}.");
            }
        }

        foreach (var node in answer.Nodes.Where(static n => !n.Readings.IsEmpty))
        {
            Console.Out.WriteLine($"{node.Name}: watched: {string.Join("; ", node.Readings.Select(Reading))}.");
            if (node.HeldIdlePerHour is { Amount: > 0 } idle) Console.Out.WriteLine($"{node.Name}: pods hold accelerators for {Amounts.Money(idle)} an hour on which nothing computed in the last five minutes.");
        }

        foreach (var quota in answer.Quotas)
        {
            var scopes = quota.Scopes.IsEmpty ? "" : $" (of pods: {string.Join(", ", quota.Scopes)})";
            Console.Out.WriteLine($"Quota {quota.Namespace}/{quota.Name}{scopes}: {string.Join("; ", quota.Limits.Select(static l => l.Says))}");
        }

        foreach (var queue in answer.Queues) Console.Out.WriteLine($"In {queue.Namespace}: {queue.Says}");
        foreach (var pod in answer.Waiting) Console.Out.WriteLine($"Waiting for a node: {pod}");
        foreach (var note in answer.Notes) Console.Out.WriteLine($"Note: {note}.");
        Amounts.WriteOrigins(answer.Nodes.Select(static n => n.Price));
        if (answer.PerHour.Amount is not null) Console.Out.WriteLine($"All nodes: {Amounts.Money(answer.PerHour)} an hour, {Amounts.Money(answer.IdlePerHour)} of it idle.");
    }

    private static string[] Cells(DeviceAnswer device) =>
    [
        $"{device.Total} x {device.Name ?? $"unknown ({device.Resource})"}{(device.Shared is { } how ? $", {how}" : "")}",
        device.Unknown is null ? Amounts.Gib(device.UnitMemoryBytes) : "unknown",
        Count(device.Used),
        Count(device.Free),
    ];

    private static string Reading(DeviceReading device) =>
        $"{device.Name ?? "device"} {device.Id} {(device.Broken is { } broken ? $"broken: {broken}" : device.Busy is { } busy ? $"{Number(busy * 100)} % busy" : "use unknown")}{(device.UsedMemoryBytes is { } used ? $", {Amounts.Gib(used)} in use" : "")}";

    private static string Seen(DeviceAnswer device) =>
        (device.Seen.IsEmpty ? "" : $" (seen: {string.Join(", ", device.Seen)})") + (device.Candidates.IsEmpty ? "" : $"; it may be {string.Join(" or ", device.Candidates)}");

    private static string Count(long? count) => count is { } known ? Number(known) : "unknown";

    private static string Number(double number) => number.ToString("0.#", CultureInfo.InvariantCulture);

    private static void Row(Table table, string[] cells) => table.AddRow([.. cells.Select(Markup.Escape)]);
}
