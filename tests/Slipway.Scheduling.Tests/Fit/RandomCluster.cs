using System.Globalization;

namespace Slipway.Scheduling.Tests.Fit;

/// <summary>A cluster made up by chance, and what pods ask of it, in the YAML of a scene. The same seed makes the same.</summary>
internal sealed class RandomCluster(int seed)
{
    private readonly Random _random = new(seed);
    private readonly List<RandomNode> _nodes = [];

    public IReadOnlyList<RandomNode> Nodes => _nodes;

    /// <summary>The slices, each the members of its spec but driver and pool, with its pool and name.</summary>
    public IReadOnlyList<string> Slices { get; private set; } = [];

    public RandomCluster Make()
    {
        for (var i = 0; i <= _random.Next(3); i++)
            _nodes.Add(new($"n{i}", $"z{_random.Next(2)}", Plugin: _random.Next(6) == 0 ? _random.Next(1, 4) : 0, Tainted: _random.Next(8) == 0, Cordoned: _random.Next(10) == 0));
        var slices = new List<string>();
        foreach (var node in _nodes.Where(n => n.Plugin == 0 || Chance(2))) slices.AddRange(Pool($"ID-{node.Name}", $"nodeName: ID-{node.Name}", _random.Next(1, 7)));
        if (Chance(3)) slices.AddRange(Pool("ID-net", "nodeSelector: {nodeSelectorTerms: [{matchExpressions: [{key: zone, operator: In, values: [z0]}, {key: slipway.dev/scene, operator: In, values: [ID]}]}]}", _random.Next(1, 3)));
        if (Chance(8)) slices.AddRange(Pool("ID-each", "perDeviceNodeSelection: true", 2, i => $"nodeName: ID-n{i}"));
        Slices = slices;
        return this;
    }

    /// <summary>What a pod asks for.</summary>
    public RandomRequest Request()
    {
        var (zone, bears) = (Chance(6) ? $"z{_random.Next(2)}" : "", Chance(3));
        if (Chance(6)) return new([], Number(1, 3), zone, bears);
        var claims = Enumerable.Range(0, Chance(7) ? 2 : 1).Select(_ => Claim()).ToList();
        // kube-scheduler 1.36 cannot bind a pod that has a claim, and the resource from a device plugin ("nil or empty request mappings").
        return new(claims, _nodes.TrueForAll(static n => n.Plugin == 0) && Chance(12) ? 1 : 0, zone, bears);
    }

    /// <summary>Whether to take a pod away before the next one.</summary>
    public bool Deletes() => Chance(4);

    private IEnumerable<string> Pool(string pool, string reach, int count, Func<int, string>? each = null)
    {
        // A driver that publishes a new generation, or its first, has not written all slices yet; one that has, has not yet removed the old ones.
        var (incomplete, twice, old) = (Chance(12), Chance(25), Chance(12));
        // Counters of a pool that is no good, or not all there, are in the way of all nodes of the cluster, and so of other tests: there are none, and they come last.
        var counters = !incomplete && !twice;
        var devices = Enumerable.Range(0, count).Select(i => Device(i, each?.Invoke(i), counters)).ToList();
        var split = count > 1 && Chance(3);
        var lists = split ? [devices[..(count / 2)], devices[(count / 2)..]] : new List<List<string>> { devices };
        if (twice && !split && each is null) lists.Add([devices[0]]);
        var number = lists.Count + (counters ? 1 : 0) + (incomplete ? 1 : 0);
        string Slice(string name, int generation, int slices, string content) => string.Create(
            CultureInfo.InvariantCulture,
            $"{{kind: ResourceSlice, metadata: {{name: {pool}-{name}}}, spec: {{driver: DRIVER, {reach}, pool: {{name: {pool}, generation: {generation}, resourceSliceCount: {slices}}}, {content}}}}}");
        if (old) yield return Slice("old", 1, 1, $"devices: [{Device(0, each?.Invoke(0), false)}, {Device(9, each?.Invoke(0), false)}]");
        for (var i = 0; i < lists.Count; i++) yield return Slice($"s{i}", 2, number, $"devices: [{string.Join(", ", lists[i])}]");
        if (counters) yield return Slice("counters", 2, number, "sharedCounters: [{name: s, counters: {memory: {value: '80'}, slots: {value: '4'}}}]");
    }

    private string Device(int index, string? reach, bool counters)
    {
        var attributes = new List<string>();
        if (!Chance(5)) attributes.Add($"numa: {{int: {_random.Next(2)}}}");
        if (!Chance(8)) attributes.Add($"model: {{string: {(Chance(2) ? "big" : "small")}}}");
        if (Chance(2)) attributes.Add($"release: {{version: {(Chance(2) ? "8.9.0" : "9.0.0")}}}");
        var members = new List<string> { $"name: d{index}", $"attributes: {{{string.Join(", ", attributes)}}}" };
        if (reach is not null) members.Add(reach);
        var memory = $"memory: {{value: '{Number(2, 8) * 10}'";
        switch (_random.Next(counters ? 0 : 1, 6))
        {
            case 0:
                members.Add($"consumesCounters: [{{counterSet: s, counters: {{memory: {{value: '{Number(1, 4) * 20}'}}, slots: {{value: '{Number(1, 2)}'}}}}}}]");
                members.Add($"capacity: {{{memory}}}}}");
                break;
            case 1:
                members.Add("allowMultipleAllocations: true");
                members.Add($"capacity: {{{memory}{_random.Next(4) switch { 0 => "", 1 => ", requestPolicy: {default: '10'}", 2 => ", requestPolicy: {default: '10', validValues: ['10', '20']}", _ => ", requestPolicy: {default: '10', validRange: {min: '5', max: '20', step: '5'}}" }}}}}}");
                break;
            case 2 or 3 or 4:
                members.Add($"capacity: {{{memory}}}}}");
                break;
        }

        if (Chance(8)) members.Add("taints: [{key: broken, value: x, effect: NoSchedule}]");
        return $"{{{string.Join(", ", members)}}}";
    }

    private string Claim()
    {
        var requests = Enumerable.Range(0, Chance(4) ? 2 : 1).Select(i => Chance(5) ? Alternatives(i) : $"{{name: r{i}, exactly: {{{Asked(admin: true)}}}}}").ToList();
        var constraint = _random.Next(8) switch
        {
            0 => "{matchAttribute: DRIVER/numa}",
            1 => "{requests: [r0], matchAttribute: DRIVER/model}",
            // kube-scheduler 1.36 compares with the last device of each request only.
            2 when !requests.Exists(static r => r.Contains("All", StringComparison.Ordinal) || r.Contains("count: 2", StringComparison.Ordinal) || r.Contains("count: 3", StringComparison.Ordinal)) => "{distinctAttribute: DRIVER/numa}",
            _ => "",
        };
        return $"{{devices: {{requests: [{string.Join(", ", requests)}], constraints: [{constraint}]}}}}";
    }

    private string Alternatives(int index) => $"{{name: r{index}, firstAvailable: [{string.Join(", ", Enumerable.Range(0, Number(2, 3)).Select(i => $"{{name: a{i}, {Asked(admin: false)}}}"))}]}}";

    private string Asked(bool admin)
    {
        var members = new List<string> { "deviceClassName: DRIVER" };
        members.Add(Chance(6) ? "allocationMode: All" : $"count: {(Chance(2) ? 1 : Number(2, 3))}");
        if (admin && Chance(10)) members.Add("adminAccess: true");
        if (Chance(4)) members.Add($"capacity: {{requests: {{{(Chance(8) ? "DRIVER/memory" : "memory")}: '{Number(5, 45)}'}}}}");
        if (Chance(5)) members.Add("tolerations: [{key: broken, operator: Exists}]");
        var selector = _random.Next(14) switch
        {
            0 or 1 => "device.attributes['DRIVER'].?model.orValue('') == 'big'",
            2 => "device.attributes['DRIVER'].model == 'small'",
            3 => "device.attributes['DRIVER'].numa == 0",
            4 => "has(device.capacity['DRIVER'].memory) && device.capacity['DRIVER'].memory.compareTo(quantity('50')) >= 0",
            5 => "'release' in device.attributes['DRIVER'] && device.attributes['DRIVER'].release.compareTo(semver('9.0.0')) >= 0",
            6 => "!device.allowMultipleAllocations",
            _ => "",
        };
        if (selector.Length > 0) members.Add($"selectors: [{{cel: {{expression: \"{selector}\"}}}}]");
        return string.Join(", ", members);
    }

    private bool Chance(int one) => _random.Next(one) == 0;

    private int Number(int least, int most) => _random.Next(least, most + 1);
}

/// <summary>A node.</summary>
/// <param name="Name">Its short name.</param>
/// <param name="Zone">Its zone.</param>
/// <param name="Plugin">How many devices a device plugin offers.</param>
/// <param name="Tainted">Whether it has a taint of its own.</param>
/// <param name="Cordoned">Whether it is cordoned.</param>
internal sealed record RandomNode(string Name, string Zone, int Plugin, bool Tainted, bool Cordoned);

/// <summary>What a pod asks for.</summary>
/// <param name="Claims">The specs of its claims.</param>
/// <param name="Extended">How many of the extended resource.</param>
/// <param name="Zone">The zone that it has to be in; empty for any.</param>
/// <param name="Bears">Whether it bears the taint.</param>
internal sealed record RandomRequest(IReadOnlyList<string> Claims, int Extended, string Zone, bool Bears)
{
    /// <summary>Whether a node takes the pod, for all but devices.</summary>
    public bool MayUse(RandomNode node) => !node.Cordoned && (Bears || !node.Tainted) && (Zone.Length == 0 || Zone == node.Zone);
}
