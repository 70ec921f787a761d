using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Slipway.Capacity.Inventory.Kubernetes;
using Slipway.Cel;

namespace Slipway.Capacity.Inventory.Slices;

/// <summary>One request of a claim, or one alternative of it.</summary>
internal sealed partial record DeviceRequest(int Count, ImmutableArray<(string Text, CelProgram Program)> Selectors, ImmutableArray<(string Name, long Amount)> Shares, JsonElement Json)
{
    // Types are left to evaluation: what an attribute is, its driver says.
    private static readonly CelEnvironment s_environment = CelEnvironment.Kubernetes.WithVariable("device", CelType.Dyn);

    /// <summary>Reads a request together with the selectors of its class.</summary>
    public static (DeviceRequest? Request, string? Refusal) Read(JsonElement json, IReadOnlyDictionary<string, JsonElement> classes)
    {
        var name = json.Text("deviceClassName");
        if (!classes.TryGetValue(name, out var @class)) return (null, $"there is no DeviceClass {name}: install the driver, or name another class");
        if (json.Text("allocationMode") is "All") return (null, "all devices of a node are asked for: the scheduler alone can tell");
        var selectors = ImmutableArray.CreateBuilder<(string, CelProgram)>();
        foreach (var text in @class.At("spec").Items("selectors").Concat(json.Items("selectors")).Select(s => s.Text("cel", "expression")))
        {
            var compilation = s_environment.Compile(text);
            if (compilation.Program is not { } program) return (null, $"a selector does not compile: {compilation.Issues[0].Message}");
            selectors.Add((text, program));
        }

        var count = json.At("count") is { ValueKind: JsonValueKind.Number } number && number.TryGetInt32(out var given) ? Math.Max(1, given) : 1;
        var shares = json.At("capacity", "requests") is { ValueKind: JsonValueKind.Object } asked
            ? asked.EnumerateObject().Select(c => (c.Name, QuantityReader.Units(c.Value.GetString() ?? ""))).ToImmutableArray() : [];
        return (new(count, selectors.ToImmutable(), shares, json), null);
    }

    /// <summary>Whether a device will do, used or not.</summary>
    public bool Accepts(SliceDevice device, Reasons reasons)
    {
        foreach (var (text, program) in Selectors)
        {
            var result = program.Evaluate(device.Variables, CelLimits.Kubernetes);
            if (result.IsTrue) continue;
            return result.IsSuccess ? reasons.Because(Why(text, device)) : reasons.Because($"a selector failed, which stops the scheduler: {result.Error}", failed: true);
        }

        foreach (var (name, amount) in Shares)
        {
            if (device.Capacity(name) is not { } there || there < amount) return reasons.Because($"less {name} than is asked for");
        }

        var taint = device.Json.Items("taints").FirstOrDefault(t => t.Text("effect") is "NoSchedule" or "NoExecute" && !Tolerates(t));
        return taint.ValueKind is JsonValueKind.Undefined || reasons.Because($"taint {taint.Text("key")}");
    }

    /// <summary>How many claims devices hold, one after the other as the scheduler takes them.</summary>
    public int Pack(IEnumerable<SliceDevice> devices, DeviceUse left, IReadOnlyList<string> common)
    {
        var (fit, all) = (0, new List<SliceDevice>());
        foreach (var group in devices.GroupBy(d => string.Join('\n', common.Select(d.Attribute))).Where(g => g.All(d => common.All(a => d.Attribute(a) is not null))))
        {
            var inGroup = group.ToList();
            while (One(inGroup, left, all)) fit++;
        }

        foreach (var one in all) left.GiveBack(one, Shares);
        return fit;
    }

    private bool One(List<SliceDevice> devices, DeviceUse left, List<SliceDevice> all)
    {
        var taken = new List<SliceDevice>();
        foreach (var device in devices)
        {
            if (!left.IsFree(device, Shares)) continue;
            // A shareable device of which nothing is asked would be had without end.
            if (device.IsShareable && Shares.IsEmpty) continue;
            left.Take(device, Shares);
            taken.Add(device);
            if (taken.Count < Count) continue;
            all.AddRange(taken);
            return true;
        }

        foreach (var one in taken) left.GiveBack(one, Shares);
        return false;
    }

    private bool Tolerates(JsonElement taint) => Json.Items("tolerations").Any(t =>
        (t.Text("key").Length == 0 || t.Text("key") == taint.Text("key")) && (t.Text("effect").Length == 0 || t.Text("effect") == taint.Text("effect"))
        && (t.Text("operator") is "Exists" || t.Text("value") == taint.Text("value")));

    // The comparison that Slipway writes says what it compares; of others their text has to do.
    private static string Why(string text, SliceDevice device) =>
        Memory().Match(text) is { Success: true } match && device.Json.At("capacity", match.Groups["name"].Value).Text("value") is { Length: > 0 } there
            ? $"{there} < {match.Groups["least"].Value}"
            : string.Create(CultureInfo.InvariantCulture, $"not {(text.Length <= 120 ? text : text[..119] + "…")}");

    [GeneratedRegex("""\["(?<name>[A-Za-z0-9_]+)"\]\.compareTo\(quantity\("(?<least>[0-9A-Za-z.]+)"\)\) >= 0$""", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Memory();
}
