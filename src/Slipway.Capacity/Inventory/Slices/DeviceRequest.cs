using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Slipway.Capacity.Inventory.Kubernetes;
using Slipway.Cel;

namespace Slipway.Capacity.Inventory.Slices;

/// <summary>One request of a claim, or one alternative of it.</summary>
internal sealed record DeviceRequest(int Count, SelectorAnswers Selectors, ImmutableArray<(string Name, long Amount)> Shares, JsonElement Json)
{
    /// <summary>Whether every device of a node is asked for.</summary>
    public bool All { get; private init; }

    /// <summary>Reads the one request of a claim's spec, or its alternatives.</summary>
    public static (IReadOnlyList<DeviceRequest>? Alternatives, string? Refusal) ReadAll(JsonElement claim, IReadOnlyDictionary<string, JsonElement> classes)
    {
        var requests = claim.At("devices").Items("requests").ToList();
        if (requests.Count != 1) return (null, string.Create(CultureInfo.InvariantCulture, $"a claim with {requests.Count} requests is not reckoned with: the scheduler alone can tell"));
        var alternatives = new List<DeviceRequest>();
        foreach (var json in requests[0].At("firstAvailable").ValueKind is JsonValueKind.Array ? requests[0].Items("firstAvailable") : [requests[0].At("exactly")])
        {
            var (request, refusal) = Read(json, classes);
            if (request is null) return (null, refusal);
            if (request.All) return (null, "all devices of a node are asked for: the scheduler alone can tell");
            alternatives.Add(request);
        }

        return (alternatives, null);
    }

    /// <summary>Reads a request together with the selectors of its class.</summary>
    public static (DeviceRequest? Request, string? Refusal) Read(JsonElement json, IReadOnlyDictionary<string, JsonElement> classes)
    {
        var name = json.Text("deviceClassName");
        if (!classes.TryGetValue(name, out var @class)) return (null, $"there is no DeviceClass {name}: install the driver, or name another class");
        var selectors = ImmutableArray.CreateBuilder<Selector>();
        foreach (var text in @class.At("spec").Items("selectors").Concat(json.Items("selectors")).Select(s => s.Text("cel", "expression")))
        {
            var (selector, refusal) = Selector.Read(text);
            if (selector is null) return (null, refusal);
            selectors.Add(selector);
        }

        var count = json.At("count") is { ValueKind: JsonValueKind.Number } number && number.TryGetInt32(out var given) ? Math.Max(1, given) : 1;
        var shares = json.At("capacity", "requests") is { ValueKind: JsonValueKind.Object } asked
            ? asked.EnumerateObject().Select(c => (c.Name, QuantityReader.Units(c.Value.GetString() ?? ""))).ToImmutableArray() : [];
        return (new(count, new SelectorAnswers(selectors.ToImmutable(), CelLimits.Kubernetes), shares, json) { All = json.Text("allocationMode") is "All" }, null);
    }

    /// <summary>Whether a device will do, used or not.</summary>
    public bool Accepts(SliceDevice device, Reasons reasons) => Objection(device) is not { } objection || reasons.Because(objection.Why, objection.Failed);

    /// <summary>Why a device will not do, used or not; null when it does.</summary>
    public Objection? Objection(SliceDevice device)
    {
        if (Selectors.Ask(device) is { } objection) return objection;
        foreach (var (name, amount) in Shares)
        {
            if (device.Capacity(name) is not { } there || there < amount) return new($"less {name} than is asked for", Failed: false);
        }

        foreach (var taint in device.Json.Items("taints"))
        {
            if (taint.Text("effect") is "NoSchedule" or "NoExecute" && !Tolerates(taint)) return new($"taint {taint.Text("key")}", Failed: false);
        }

        return null;
    }

    /// <summary>How many claims devices hold, one after the other as the scheduler takes them.</summary>
    public int Pack(IReadOnlyList<SliceDevice> devices, DeviceUse left, IReadOnlyList<string> common)
    {
        var (fit, all) = (0, new List<SliceDevice>());
        foreach (var group in Alike(devices, common))
        {
            while (One(group, left, all)) fit++;
        }

        foreach (var one in all) left.GiveBack(one, Shares);
        return fit;
    }

    private bool One(IReadOnlyList<SliceDevice> devices, DeviceUse left, List<SliceDevice> all)
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

    // A device without one of the attributes is in no group.
    private static IEnumerable<IReadOnlyList<SliceDevice>> Alike(IReadOnlyList<SliceDevice> devices, IReadOnlyList<string> common) => common.Count == 0 ? [devices]
        : devices.Where(d => common.All(a => d.Attribute(a) is not null)).GroupBy(d => string.Join('\n', common.Select(d.Attribute))).Select(g => g.ToList());
}
