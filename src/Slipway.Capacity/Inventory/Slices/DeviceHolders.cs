using System.Text.Json;
using Slipway.Capacity.Inventory.Kubernetes;

namespace Slipway.Capacity.Inventory.Slices;

/// <summary>Who has which device, as ResourceClaims say it.</summary>
internal sealed class DeviceHolders
{
    private readonly Dictionary<int, List<PodFacts>> _taken = [];

    private DeviceHolders()
    {
    }

    /// <summary>Reads claims; who looks at a device with admin access takes it from nobody.</summary>
    public static DeviceHolders Of(DevicePools pools, IEnumerable<JsonElement> claims, IReadOnlyCollection<PodFacts> pods)
    {
        var made = new DeviceHolders();
        var byName = new Lazy<Dictionary<(string, string), PodFacts>>(() =>
        {
            var names = new Dictionary<(string, string), PodFacts>(pods.Count);
            foreach (var pod in pods.Where(static p => p.Holds)) names[(pod.Namespace, pod.Name)] = pod;
            return names;
        });
        foreach (var claim in claims)
        {
            foreach (var result in claim.At("status", "allocation", "devices").Items("results"))
            {
                if (result.At("adminAccess").ValueKind is JsonValueKind.True || pools.Find(DeviceId.Of(result)) is not { } device) continue;
                if (!made._taken.TryGetValue(device.Index, out var holders)) made._taken[device.Index] = holders = [];
                foreach (var consumer in claim.At("status").Items("reservedFor").Where(static r => r.Text("resource") is "pods"))
                {
                    if (byName.Value.TryGetValue((claim.Text("metadata", "namespace"), consumer.Text("name")), out var pod)) holders.Add(pod);
                }
            }
        }

        return made;
    }

    /// <summary>Whether a claim has it, in use by a pod or not.</summary>
    public bool IsTaken(SliceDevice device) => _taken.ContainsKey(device.Index);

    /// <summary>The pods that use it.</summary>
    public IEnumerable<PodFacts> Of(SliceDevice device) => _taken.GetValueOrDefault(device.Index) ?? [];
}
