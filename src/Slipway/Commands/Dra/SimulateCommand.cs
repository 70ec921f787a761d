using System.CommandLine;
using System.Globalization;
using Slipway.Capacity.Accelerators;
using Slipway.Capacity.Inventory.Simulated;
using Slipway.Simulating;

namespace Slipway.Commands.Dra;

/// <summary>`slipway dra simulate`.</summary>
internal static class SimulateCommand
{
    public static Command Create()
    {
        var target = new Target();
        var accelerator = new Option<string?>("--accelerator", "-a") { Description = "What the devices are, such as h100, h200 or mi300x", HelpName = "NAME" };
        var nodes = Count("--nodes", "How many nodes have them", 1, SimulatedCluster.MostNodes);
        var perNode = Count("--per-node", "How many each node has", 8, SimulatedCluster.MostDevices);
        var withNodes = new Option<bool>("--with-nodes") { Description = "Make the nodes too; without, only what their driver would publish. A cluster whose controllers watch nodes takes them for lost after a minute" };
        var racks = new Option<int>("--racks") { Description = $"Spread the nodes over so many racks (label {SimulatedCluster.RackLabel}); takes --with-nodes", HelpName = "COUNT" };
        var remove = new Option<bool>("--remove") { Description = "Take away what is simulated: of one accelerator, or all" };
        var command = new ExampledCommand(
            "simulate",
            "Publish devices that nobody has, as a DRA driver would: a DeviceClass and ResourceSlices. Manifests, scheduling and capacity can be tried on them; no model runs there. "
            + $"All of it carries the label {SimulatedCluster.Label}.",
            """
              slipway dra simulate --accelerator h100 --nodes 4 --per-node 8
              slipway dra simulate --accelerator h200 --nodes 8 --with-nodes --racks 2
              slipway dra simulate --accelerator mi300x --kubeconfig ~/.kube/test
              slipway dra simulate --remove
            """)
        {
            accelerator, nodes, perNode, withNodes, racks, remove,
        };
        target.AddTo(command, namespaces: false);
        command.Validators.Add(result =>
        {
            if (!result.GetValue(remove) && result.GetValue(accelerator) is null) result.AddError("Say which devices with --accelerator, or take all away with --remove.");
            if (result.GetValue(racks) is var count && count != 0 && (count < 1 || count > result.GetValue(nodes) || !result.GetValue(withNodes)))
                result.AddError($"--racks is a number from 1 to that of nodes ({result.GetValue(nodes).ToString(CultureInfo.InvariantCulture)}), and takes --with-nodes, since the label is the nodes'.");
        });
        command.SetAction((parse, cancellationToken) => target.RunAsync(
            parse,
            async (reach, token) =>
            {
                var simulation = new DraSimulation(reach.Client, TimeProvider.System);
                var facts = parse.GetValue(accelerator) is { } name ? Find(name) : null;
                if (parse.GetValue(remove)) return await RemoveAsync(simulation, facts, token);
                var wanted = new SimulatedCluster(facts!, SimulatedDriver.Of(facts!)!, parse.GetValue(nodes), parse.GetValue(perNode), parse.GetValue(racks));
                await simulation.PublishAsync(wanted, parse.GetValue(withNodes), token);
                await Console.Out.WriteLineAsync(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{wanted.Driver.Name} has {wanted.Nodes * wanted.PerNode} x {facts!.Device.Name} on {wanted.Nodes} {(wanted.Nodes == 1 ? "node" : "nodes")}: none of them is real. See them with: slipway capacity{(parse.GetValue(withNodes) ? "" : " (once there are nodes of those names)")}; take them away with: slipway dra simulate --remove"));
                return ExitCodes.Ok;
            },
            cancellationToken));
        return command;
    }

    private static async Task<int> RemoveAsync(DraSimulation simulation, AcceleratorFacts? facts, CancellationToken cancellationToken)
    {
        var (slices, nodes, classes) = await simulation.RemoveAsync(facts?.Device.Key, cancellationToken);
        await Console.Out.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"Taken away: {slices} ResourceSlices, {nodes} Nodes, {classes} DeviceClasses"));
        return ExitCodes.Ok;
    }

    private static AcceleratorFacts Find(string name) => SimulatedDriver.Find(name)
        ?? throw new CommandFailure(ExitCodes.Failed, $"There is no accelerator {name} that a DRA driver publishes. There are: {string.Join(", ", SimulatedDriver.Published.Select(static r => r.Device.Key))}.");

    private static Option<int> Count(string name, string description, int usual, int most)
    {
        var option = new Option<int>(name) { Description = description, HelpName = "COUNT", DefaultValueFactory = _ => usual };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() < 1 || result.GetValueOrDefault<int>() > most) result.AddError($"{name} is a number from 1 to {most.ToString(CultureInfo.InvariantCulture)}.");
        });
        return option;
    }
}
