using System.Collections.Concurrent;
using System.Text.Json;
using Slipway.Capacity.Inventory.Kubernetes;
using Slipway.Cel;

namespace Slipway.Capacity.Inventory.Slices;

/// <summary>A device as selectors see it: a name without a domain is the driver's, and a domain that a device lacks is empty (dynamic-resource-allocation/cel).</summary>
internal static class DeviceValue
{
    private static readonly CelValue s_empty = CelValue.From(new Dictionary<string, CelValue>());
    private static readonly CelEnvironment s_text = CelEnvironment.Kubernetes.WithVariable("text", CelType.String);
    private static readonly CelProgram s_quantity = s_text.Compile("quantity(text)").Program!;
    private static readonly CelProgram s_semver = s_text.Compile("semver(text)").Program!;

    // Devices of a cluster are few models many times over.
    private const int MostKept = 4096;
    private static readonly ConcurrentDictionary<(CelProgram, string), CelValue> s_kept = new();

    public static CelValue Of(SliceDevice device) => CelValue.From(new Dictionary<string, CelValue>
    {
        ["driver"] = CelValue.From(device.Id.Driver),
        ["allowMultipleAllocations"] = CelValue.From(device.IsShareable),
        ["attributes"] = Domains(device, "attributes", Attribute),
        ["capacity"] = Domains(device, "capacity", c => Made(s_quantity, c.Text("value"))),
    });

    private static CelValue Domains(SliceDevice device, string member, Func<JsonElement, CelValue> read)
    {
        var domains = new Dictionary<string, Dictionary<string, CelValue>>(StringComparer.Ordinal);
        if (device.Json.At(member) is { ValueKind: JsonValueKind.Object } names)
        {
            foreach (var entry in names.EnumerateObject())
            {
                var slash = entry.Name.IndexOf('/', StringComparison.Ordinal);
                var domain = slash < 0 ? device.Id.Driver : entry.Name[..slash];
                if (!domains.TryGetValue(domain, out var there)) domains[domain] = there = new(StringComparer.Ordinal);
                there[entry.Name[(slash + 1)..]] = read(entry.Value);
            }
        }

        return CelValue.From(new Map(domains.ToDictionary(d => d.Key, d => CelValue.From(d.Value), StringComparer.Ordinal)));
    }

    private static CelValue Attribute(JsonElement value) => value.ValueKind is not JsonValueKind.Object ? CelValue.Null
        : value.TryGetProperty("version", out var version) ? Made(s_semver, version.GetString() ?? "")
        : value.EnumerateObject().Select(p => CelValue.FromJson(p.Value)).FirstOrDefault(CelValue.Null);

    private static CelValue Made(CelProgram program, string text)
    {
        if (s_kept.TryGetValue((program, text), out var kept)) return kept;
        var result = program.Evaluate(new Dictionary<string, CelValue> { ["text"] = CelValue.From(text) });
        var value = result.Value ?? CelValue.Failure(result.Error!);
        if (s_kept.Count < MostKept) s_kept[(program, text)] = value;
        return value;
    }

    private sealed class Map(Dictionary<string, CelValue> domains) : ICelMap
    {
        public int Count => domains.Count;

        public long Weight => 1 + domains.Count;

        public IEnumerable<string> Keys => domains.Keys;

        public CelValue? Find(string key) => domains.GetValueOrDefault(key, s_empty);
    }
}
