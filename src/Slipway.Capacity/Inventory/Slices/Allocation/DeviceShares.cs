using System.Collections.Immutable;
using System.Text.Json;
using Slipway.Capacity.Inventory.Kubernetes;

namespace Slipway.Capacity.Inventory.Slices.Allocation;

/// <summary>What a claim takes of a device's capacity (KEP-5075).</summary>
internal static class DeviceShares
{
    /// <summary>Of each capacity what is asked for, rounded up as its policy says; where nothing is asked, the policy's default or all of it.</summary>
    /// <param name="device">The device.</param>
    /// <param name="asked">What is asked for.</param>
    /// <returns>The amounts; none of a device that is had whole, and null where it has no such capacity, or less, or a policy does not allow what is asked for.</returns>
    /// <remarks>Capacities are asked for by the very names that are published: a domain is neither added nor left out.</remarks>
    public static ImmutableArray<(string Name, long Amount)>? Of(SliceDevice device, ImmutableArray<(string Name, long Amount)> asked)
    {
        var capacities = device.Json.At("capacity");
        foreach (var (name, _) in asked)
        {
            if (capacities.At(name).ValueKind is JsonValueKind.Undefined) return null;
        }

        if (capacities.ValueKind is not JsonValueKind.Object || !device.IsShareable && asked.IsEmpty) return [];
        var shares = ImmutableArray.CreateBuilder<(string, long)>();
        foreach (var capacity in capacities.EnumerateObject())
        {
            var (all, policy) = (QuantityReader.Units(capacity.Value.Text("value")), capacity.Value.At("requestPolicy"));
            var wanted = asked.Where(a => a.Name == capacity.Name).Select(static a => (long?)a.Amount).FirstOrDefault()
                ?? (policy.Text("default") is { Length: > 0 } usual ? QuantityReader.Units(usual) : all);
            if (Rounded(wanted, policy) is not { } amount || amount > all) return null;
            shares.Add((capacity.Name, amount));
        }

        return device.IsShareable ? shares.ToImmutable() : [];
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
}
