using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Slipway.Capacity.Accelerators;
using Slipway.Capacity.Inventory;
using Slipway.Capacity.Inventory.Kubernetes;
using Slipway.Capacity.Inventory.Simulated;

namespace Slipway.Simulation.Cluster;

/// <summary>Reads what a cluster to simulate has.</summary>
public static partial class SimulationFile
{
    private const int MostGroups = 100;

    private static readonly string[] s_fields = ["nodes", "startup"];
    private static readonly string[] s_groupFields = ["name", "count", "accelerator", "machine", "perNode", "devices", "region", "zones", "racks", "cpu", "memory", "labels", "taints"];

    /// <summary>The names of the files that come with Slipway.</summary>
    public static ImmutableArray<string> Bundled { get; } =
        [.. typeof(SimulationFile).Assembly.GetManifestResourceNames().Where(static n => n.StartsWith("simulations/", StringComparison.Ordinal)).Select(static n => Path.GetFileNameWithoutExtension(n)).Order(StringComparer.Ordinal)];

    /// <summary>The text of a file that comes with Slipway; null when there is none of that name.</summary>
    /// <param name="name">Its name, without the ending.</param>
    public static string? OfBundled(string name)
    {
        using var stream = typeof(SimulationFile).Assembly.GetManifestResourceStream($"simulations/{name}.yaml");
        if (stream is null) return null;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    /// <summary>Reads.</summary>
    /// <param name="file">The file, as JSON.</param>
    /// <returns>The plan; or what is wrong with the file, each with its place.</returns>
    public static (SimulationPlan? Plan, ImmutableArray<string> Faults) Read(JsonNode? file)
    {
        using var document = JsonDocument.Parse(file?.ToJsonString() ?? "null");
        var root = document.RootElement;
        if (root.ValueKind is not JsonValueKind.Object || root.At("nodes").ValueKind is not JsonValueKind.Array) return (null, ["the file has no list of nodes"]);
        var faults = ImmutableArray.CreateBuilder<string>();
        Unknown(root, "", s_fields, faults);
        var groups = ImmutableArray.CreateBuilder<NodeGroup>();
        var index = 0;
        foreach (var json in root.Items("nodes").Take(MostGroups + 1))
        {
            var place = string.Create(CultureInfo.InvariantCulture, $"nodes[{index++}]");
            if (Group(json, place, faults) is { } group) groups.Add(group);
        }

        if (index > MostGroups) faults.Add($"nodes has more than {MostGroups} entries");
        if (index == 0) faults.Add("nodes is empty");
        if (groups.Sum(static g => g.Count) > SimulatedCluster.MostNodes) faults.Add($"there are more than {SimulatedCluster.MostNodes} nodes");
        foreach (var twice in groups.GroupBy(static g => g.Name).Where(static g => g.Count() > 1)) faults.Add($"two entries of nodes are called {twice.Key}: give one of them another name");
        var startup = Startup(root.At("startup"), faults);
        return faults.Count > 0 ? (null, faults.ToImmutable()) : (new(groups.ToImmutable(), startup), []);
    }

    private static NodeGroup? Group(JsonElement json, string place, ImmutableArray<string>.Builder faults)
    {
        var before = faults.Count;
        Unknown(json, $"{place}.", s_groupFields, faults);
        var machine = Machine(json.Text("machine"), place, faults);
        var named = json.Text("accelerator");
        if (named.Length > 0 && machine is not null) faults.Add($"{place}: accelerator says what machine says already; leave one out");
        var accelerator = machine?.Accelerator ?? (named.Length > 0 ? Find(named, place, faults) : null);
        var perNode = Number(json, "perNode", accelerator is null ? 0 : (int)Math.Max(1, machine?.Count ?? 8), 0, SimulatedCluster.MostDevices, place, faults);
        var plugin = json.Text("devices") is "plugin";
        if (json.Text("devices") is not ("" or "claims" or "plugin")) faults.Add($"{place}.devices is claims, for a driver that publishes them, or plugin, for an extended resource");
        if (accelerator is not null && plugin && accelerator.Resource is not "nvidia.com/gpu") faults.Add($"{place}.devices: of device plugins only NVIDIA's is simulated");
        if (accelerator is not null && !plugin && SimulatedDriver.Of(accelerator) is null) faults.Add($"{place}: no driver publishes {accelerator.Device.Key} for claims");
        var name = json.Text("name") is { Length: > 0 } own ? own : machine?.Name.Replace('.', '-').Replace('_', '-').ToLowerInvariant() ?? accelerator?.Device.Key ?? "cpu";
        if (!Label().IsMatch(name)) faults.Add($"{place}.name \"{name}\" is no name: small letters, digits and hyphens, at most 50");
        var count = Number(json, "count", 1, 1, SimulatedCluster.MostNodes, place, faults);
        var racks = Number(json, "racks", 0, 0, count, place, faults);
        var processors = Math.Max(perNode, 1) * 16;
        var group = new NodeGroup
        {
            Name = name,
            Count = count,
            Accelerator = accelerator,
            PerNode = perNode,
            HasPlugin = plugin,
            Machine = machine,
            Region = json.Text("region"),
            Zones = [.. json.Items("zones").Select(static z => z.Text()).Where(static z => z.Length > 0)],
            Racks = racks,
            Cpu = Quantity(json, "cpu", machine?.Vcpus is { } vcpus ? vcpus.ToString(CultureInfo.InvariantCulture) : processors.ToString(CultureInfo.InvariantCulture), place, faults),
            Memory = Quantity(json, "memory", machine?.MemoryGib is { } gib ? string.Create(CultureInfo.InvariantCulture, $"{(long)gib}Gi") : string.Create(CultureInfo.InvariantCulture, $"{processors * 16}Gi"), place, faults),
            Labels = json.At("labels") is { ValueKind: JsonValueKind.Object } labels ? labels.EnumerateObject().ToImmutableSortedDictionary(static l => l.Name, static l => l.Value.ValueKind is JsonValueKind.String ? l.Value.GetString()! : l.Value.GetRawText(), StringComparer.Ordinal) : ImmutableSortedDictionary<string, string>.Empty,
            Taints = [.. json.Items("taints").Select(static t => new Taint(t.Text("key"), t.Text("value"), t.Text("effect") is { Length: > 0 } effect ? effect : "NoSchedule"))],
        };
        if (group.Taints.Any(static t => t.Key.Length == 0 || t.Effect is not ("NoSchedule" or "NoExecute" or "PreferNoSchedule"))) faults.Add($"{place}.taints: each has a key, and the effect NoSchedule, NoExecute or PreferNoSchedule");
        return faults.Count > before ? null : group;
    }

    private static MachineType? Machine(string text, string place, ImmutableArray<string>.Builder faults)
    {
        if (text.Length == 0) return null;
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        var found = slash < 0 ? null : MachineTypeTable.Bundled.Find(text[..slash], text[(slash + 1)..]);
        if (found is null) faults.Add($"{place}.machine \"{text}\" is in no row of the table of machine types: write PROVIDER/TYPE, such as aws/p5.48xlarge, with aws, azure or gcp");
        else if (found.Count < 1) faults.Add($"{place}.machine \"{text}\" has a part of an accelerator, which is not simulated");
        return found;
    }

    private static AcceleratorFacts? Find(string name, string place, ImmutableArray<string>.Builder faults)
    {
        var found = SimulatedDriver.Find(name);
        if (found is null) faults.Add($"{place}.accelerator: there is no {name} that a DRA driver publishes; there are {string.Join(", ", SimulatedDriver.Published.Select(static r => r.Device.Key))}");
        return found;
    }

    private static TimeSpan Startup(JsonElement value, ImmutableArray<string>.Builder faults)
    {
        if (value.ValueKind is JsonValueKind.Undefined) return TimeSpan.FromSeconds(3);
        var text = value.ValueKind is JsonValueKind.String ? value.GetString()! : value.GetRawText();
        var (number, unit) = text.EndsWith('m') ? (text[..^1], 60) : (text.TrimEnd('s'), 1);
        if (double.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var given) && given * unit is >= 0 and <= 3600) return TimeSpan.FromSeconds(given * unit);
        faults.Add($"startup \"{text}\" is no time of at most an hour, such as 5s or 2m");
        return default;
    }

    private static int Number(JsonElement json, string field, int usual, int least, int most, string place, ImmutableArray<string>.Builder faults)
    {
        var value = json.At(field);
        if (value.ValueKind is JsonValueKind.Undefined) return usual;
        if (value.ValueKind is JsonValueKind.Number && value.TryGetInt32(out var given) && given >= least && given <= most) return given;
        faults.Add(string.Create(CultureInfo.InvariantCulture, $"{place}.{field} is a number from {least} to {most}"));
        return usual;
    }

    private static string Quantity(JsonElement json, string field, string usual, string place, ImmutableArray<string>.Builder faults)
    {
        var value = json.At(field);
        var text = value.ValueKind switch { JsonValueKind.Undefined => usual, JsonValueKind.String => value.GetString()!, _ => value.GetRawText() };
        if (QuantityReader.Units(text) <= 0) faults.Add($"{place}.{field} \"{text}\" is no quantity above 0, such as 64 or 512Gi");
        return text;
    }

    private static void Unknown(JsonElement json, string place, string[] known, ImmutableArray<string>.Builder faults)
    {
        if (json.ValueKind is not JsonValueKind.Object)
        {
            faults.Add($"{place.TrimEnd('.')} has no fields");
            return;
        }

        foreach (var field in json.EnumerateObject().Where(f => !known.Contains(f.Name))) faults.Add($"{place}{field.Name} is no field; there are {string.Join(", ", known)}");
    }

    [GeneratedRegex("^[a-z0-9]([a-z0-9-]{0,48}[a-z0-9])?$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Label();
}
