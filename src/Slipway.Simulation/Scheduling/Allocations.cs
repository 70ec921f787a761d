using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Capacity.Inventory.Kubernetes;
using Slipway.Capacity.Inventory.Slices.Allocation;

namespace Slipway.Simulation.Scheduling;

/// <summary>Writes what claims are given as Kubernetes has it.</summary>
internal static class Allocations
{
    /// <summary>The <c>status.allocation</c> of what a claim was given.</summary>
    /// <param name="claim">The spec of the claim, whose configuration goes along.</param>
    /// <param name="node">The node on which it was given.</param>
    /// <param name="grants">The devices.</param>
    public static JsonObject Write(JsonElement claim, string node, IReadOnlyCollection<DeviceGrant> grants)
    {
        var results = new JsonArray();
        foreach (var grant in grants)
        {
            var result = new JsonObject { ["request"] = grant.Alternative.Name, ["driver"] = grant.Device.Id.Driver, ["pool"] = grant.Device.Id.Pool, ["device"] = grant.Device.Id.Name };
            if (grant.Alternative.IsAdmin) result["adminAccess"] = true;
            if (grant.Alternative.Devices.Json.At("tolerations") is { ValueKind: JsonValueKind.Array } tolerations && tolerations.GetArrayLength() > 0) result["tolerations"] = JsonNode.Parse(tolerations.GetRawText());
            if (!grant.Shares.IsEmpty)
            {
                result["shareID"] = Guid.NewGuid().ToString("d");
                result["consumedCapacity"] = new JsonObject(grant.Shares.Select(static s => KeyValuePair.Create(s.Name, (JsonNode?)Quantity(s.Amount))));
            }

            results.Add((JsonNode)result);
        }

        var devices = new JsonObject { ["results"] = results };
        var config = claim.At("devices").Items("config").Select(static c =>
        {
            var copy = JsonNode.Parse(c.GetRawText())!.AsObject();
            copy["source"] = "FromClaim";
            return (JsonNode)copy;
        }).ToArray();
        if (config.Length > 0) devices["config"] = new JsonArray(config);
        var allocation = new JsonObject { ["devices"] = devices };
        if (Nodes(node, grants) is { } selector) allocation["nodeSelector"] = selector;
        return allocation;
    }

    // The nodes that reach all of the devices: one, where a device is of a node.
    private static JsonObject? Nodes(string node, IReadOnlyCollection<DeviceGrant> grants)
    {
        JsonObject Terms(JsonObject term) => new() { ["nodeSelectorTerms"] = new JsonArray(term) };
        if (grants.Any(static g => g.Device.Node.Length > 0))
            return Terms(new JsonObject { ["matchFields"] = new JsonArray(new JsonObject { ["key"] = "metadata.name", ["operator"] = "In", ["values"] = new JsonArray(node) }) });
        var expressions = grants.SelectMany(static g => g.Device.Reach.At("nodeSelector").Items("nodeSelectorTerms")).SelectMany(static t => t.Items("matchExpressions"))
            .Select(static e => e.GetRawText()).Distinct(StringComparer.Ordinal).Select(static e => JsonNode.Parse(e)).ToArray();
        return expressions.Length == 0 ? null : Terms(new JsonObject { ["matchExpressions"] = new JsonArray(expressions) });
    }

    private static string Quantity(long amount)
    {
        (long Unit, string Suffix)[] units = [(1L << 30, "Gi"), (1L << 20, "Mi"), (1L << 10, "Ki")];
        foreach (var (unit, suffix) in units)
        {
            if (amount != 0 && amount % unit == 0) return FormattableString.Invariant($"{amount / unit}{suffix}");
        }

        return FormattableString.Invariant($"{amount}");
    }
}
