using System.Collections.Immutable;

namespace Slipway.Capacity.Inventory;

/// <summary>Adds up what pods ask for, without a list for every partial sum.</summary>
internal static class ResourceSums
{
    public static ResourceAmounts Of(ImmutableArray<PodFacts> pods)
    {
        long cpu = 0, memory = 0;
        List<KeyValuePair<string, long>>? extended = null;
        foreach (var pod in pods)
        {
            cpu = Saturated(cpu, pod.Requests.CpuMillis);
            memory = Saturated(memory, pod.Requests.MemoryBytes);
            foreach (var (name, amount) in pod.Requests.Extended) Add(extended ??= [], name, amount);
        }

        return new ResourceAmounts(cpu, memory, extended is null ? [] : [.. extended]);
    }

    private static void Add(List<KeyValuePair<string, long>> sums, string name, long amount)
    {
        for (var i = 0; i < sums.Count; i++)
        {
            if (sums[i].Key != name) continue;
            sums[i] = KeyValuePair.Create(name, Saturated(sums[i].Value, amount));
            return;
        }

        sums.Add(KeyValuePair.Create(name, amount));
    }

    private static long Saturated(long a, long b) => a > long.MaxValue - b ? long.MaxValue : a + b;
}
