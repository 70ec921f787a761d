using System.Collections.Immutable;
using System.Text.Json;
using Slipway.Capacity.Inventory.Kubernetes;

namespace Slipway.Capacity.Inventory.Slices.Allocation;

/// <summary>What a claim takes of a device that several may use at once (KEP-5075).</summary>
internal static class DeviceShares
{
    /// <summary>Of each capacity what is asked for, rounded up as its policy says; where nothing is asked, the policy's default or all of it.</summary>
    /// <param name="device">The device.</param>
    /// <param name="asked">What is asked for.</param>
    /// <returns>The amounts; none of a device that is had whole, and null where a policy does not allow what is asked for.</returns>
    public static ImmutableArray<(string Name, long Amount)>? Of(SliceDevice device, ImmutableArray<(string Name, long Amount)> asked)
    {
        if (!device.IsShareable || device.Json.At("capacity") is not { ValueKind: JsonValueKind.Object } capacities) return [];
        var shares = ImmutableArray.CreateBuilder<(string, long)>();
        foreach (var capacity in capacities.EnumerateObject())
        {
            var (all, policy) = (QuantityReader.Units(capacity.Value.Text("value")), capacity.Value.At("requestPolicy"));
            var wanted = asked.Where(a => Same(device, a.Name, capacity.Name)).Select(static a => (long?)a.Amount).FirstOrDefault()
                ?? (policy.Text("default") is { Length: > 0 } usual ? QuantityReader.Units(usual) : all);
            if (Rounded(wanted, policy) is not { } amount || amount > all) return null;
            shares.Add((capacity.Name, amount));
        }

        return shares.ToImmutable();
    }

    private static long? Rounded(long wanted, JsonElement policy)
    {
        if (policy.At("validValues").ValueKind is JsonValueKind.Array)
            return policy.Items("validValues").Select(static v => (long?)QuantityReader.Units(v.Text())).Where(v => v >= wanted).Min();
        if (policy.At("validRange") is not { ValueKind: JsonValueKind.Object } range) return wanted;
        var least = QuantityReader.Units(range.Text("min"));
        var amount = Math.Max(least, wanted);
        if (range.Text("step") is { Length: > 0 } text && QuantityReader.Units(text) is > 0 and var step) amount = least + ((amount - least + step - 1) / step * step);
        return range.Text("max") is { Length: > 0 } most && amount > QuantityReader.Units(most) ? null : amount;
    }

    private static bool Same(SliceDevice device, string asked, string published) => Qualified(device, asked) == Qualified(device, published);

    private static string Qualified(SliceDevice device, string name) => name.Contains('/', StringComparison.Ordinal) ? name : $"{device.Id.Driver}/{name}";
}
