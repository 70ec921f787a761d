using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Capacity.Inventory.Simulated;
using Slipway.Commands;
using Slipway.Kubernetes.Connection;
using Slipway.Kubernetes.Objects;
using Slipway.Operator;

namespace Slipway.Simulating;

/// <summary>Publishes simulated devices to a cluster, and takes them away.</summary>
/// <param name="client">The cluster.</param>
/// <param name="time">The clock.</param>
internal sealed class DraSimulation(KubeClient client, TimeProvider time)
{
    private const string Manager = "slipway-dra-simulate";

    // A slice has to go before its node, and the class last: a claim that is made meanwhile finds no devices and no error.
    private static readonly Resource<CachedObject>[] s_kinds = [Kinds.ResourceSlices, Kinds.Nodes, Kinds.DeviceClasses];

    /// <summary>Makes what is wanted, and takes away what an earlier call made beyond that of the same accelerator.</summary>
    /// <param name="wanted">What to publish.</param>
    /// <param name="withNodes">Whether to make the nodes too.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="CommandFailure">The driver itself is there.</exception>
    public async Task PublishAsync(SimulatedCluster wanted, bool withNodes, CancellationToken cancellationToken)
    {
        await RefuseRealAsync(wanted.Driver.Name, cancellationToken);
        var @class = wanted.DeviceClass();
        // A class that somebody made stays as it is.
        if (await client.GetAsync(Kinds.DeviceClasses, new("", wanted.Driver.Name), cancellationToken) is not { } there || there.Label(SimulatedCluster.Label) is not null)
            await ApplyAsync(Kinds.DeviceClasses, @class, cancellationToken);
        var nodes = withNodes ? wanted.NodeObjects() : [];
        foreach (var node in nodes)
        {
            await ApplyAsync(Kinds.Nodes, node, cancellationToken);
            // A server taints each new node until it is ready, and a kubelet that would take that away is not there.
            await client.MergePatchAsync(Kinds.Nodes, Key(node), new JsonObject { ["spec"] = new JsonObject { ["taints"] = null } }, Manager, cancellationToken);
            await client.MergePatchAsync(Kinds.Nodes, Key(node), wanted.NodeStatus(time.GetUtcNow()), Manager, cancellationToken, "status");
        }

        var slices = wanted.Slices();
        foreach (var slice in slices) await ApplyAsync(Kinds.ResourceSlices, slice, cancellationToken);
        var kept = slices.Concat(nodes).Select(Key).ToHashSet();
        foreach (var kind in new[] { Kinds.ResourceSlices, Kinds.Nodes })
        {
            foreach (var old in await OfAsync(kind, wanted.Accelerator.Device.Key, cancellationToken))
            {
                if (!kept.Contains(old.Identity.Key)) await client.DeleteAsync(kind, old.Identity.Key, cancellationToken);
            }
        }
    }

    /// <summary>Takes away what is simulated.</summary>
    /// <param name="accelerator">The key of one accelerator; null for all.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>How many slices, nodes and classes went.</returns>
    public async Task<(int Slices, int Nodes, int Classes)> RemoveAsync(string? accelerator, CancellationToken cancellationToken)
    {
        var gone = new int[s_kinds.Length];
        for (var i = 0; i < s_kinds.Length; i++)
        {
            foreach (var there in await OfAsync(s_kinds[i], accelerator, cancellationToken))
            {
                // A class serves every accelerator of its driver.
                if (s_kinds[i] == Kinds.DeviceClasses && await IsUsedAsync(there.Identity.Key.Name, cancellationToken)) continue;
                if (await client.DeleteAsync(s_kinds[i], there.Identity.Key, cancellationToken)) gone[i]++;
            }
        }

        return (gone[0], gone[1], gone[2]);
    }

    private async Task RefuseRealAsync(string driver, CancellationToken cancellationToken)
    {
        IReadOnlyList<CachedObject> slices;
        try
        {
            slices = await client.ListAsync(Kinds.ResourceSlices, null, cancellationToken);
        }
        catch (KubeApiException absent) when (absent.Code == System.Net.HttpStatusCode.NotFound)
        {
            throw new CommandFailure(ExitCodes.Failed, "The cluster serves no resource.k8s.io/v1, in which devices are published: it takes Kubernetes 1.34 or later.");
        }

        if (slices.FirstOrDefault(s => Driver(s) == driver && s.Label(SimulatedCluster.Label) is null) is not { } real) return;
        var node = real.Json.GetProperty("spec").TryGetProperty("nodeName", out var name) ? $"node {name.GetString()}" : "this cluster";
        throw new CommandFailure(
            ExitCodes.Failed,
            $"The driver {driver} publishes devices of {node} in ResourceSlice {real.Identity.Key.Name}: pods would be given simulated ones in place of real ones. Simulate in a cluster without that driver, or on this machine's own API (slipway up).");
    }

    private async Task<bool> IsUsedAsync(string driver, CancellationToken cancellationToken) =>
        (await client.ListAsync(Kinds.ResourceSlices, null, cancellationToken)).Any(s => Driver(s) == driver && s.Label(SimulatedCluster.Label) is not null);

    private async Task<IReadOnlyList<CachedObject>> OfAsync(Resource<CachedObject> kind, string? accelerator, CancellationToken cancellationToken)
    {
        // The class carries the accelerator that came first.
        var selector = accelerator is null || kind == Kinds.DeviceClasses ? SimulatedCluster.Label : $"{SimulatedCluster.Label}={accelerator}";
        return await client.ListAsync(kind, null, cancellationToken, $"labelSelector={Uri.EscapeDataString(selector)}");
    }

    private Task<CachedObject> ApplyAsync(Resource<CachedObject> kind, JsonObject value, CancellationToken cancellationToken) =>
        client.ApplyAsync(kind, Key(value), value, Manager, cancellationToken);

    private static NamespacedName Key(JsonObject value) => new("", (string)value["metadata"]!["name"]!);

    private static string? Driver(CachedObject slice) => slice.Json.TryGetProperty("spec", out var spec) && spec.TryGetProperty("driver", out var driver) && driver.ValueKind is JsonValueKind.String ? driver.GetString() : null;
}
