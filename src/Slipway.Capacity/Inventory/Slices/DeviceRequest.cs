using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Slipway.Capacity.Inventory.Kubernetes;
using Slipway.Capacity.Inventory.Slices.Allocation;
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
    public bool Accepts(SliceDevice device, Reasons reasons) => Objection(Ask(device)) is not { } objection || reasons.Because(objection.Why, objection.Failed);

    /// <summary>What is to be said of a device, used or not.</summary>
    public DeviceAnswer Ask(SliceDevice device)
    {
        if (Selectors.Ask(device) is { } objection) return new(objection, [], null);
        var (shares, taint) = (DeviceShares.Of(device, Shares), Untolerated(device));
        return taint is null && shares is { IsEmpty: true } ? DeviceAnswer.Whole : new(null, shares, taint);
    }

    /// <summary>Why a device will not do, by what is said of it; null when it does.</summary>
    public Objection? Objection(DeviceAnswer answer)
    {
        if (answer.Selector is not null) return answer.Selector;
        if (answer.Shares is null) return new($"less {string.Join(" and ", Shares.Select(static s => s.Name))} than is asked for", Failed: false);
        return answer.Taint is { } taint ? new($"taint {taint}", Failed: false) : null;
    }

    /// <summary>How many claims for one device devices hold, one after the other as the scheduler takes them.</summary>
    public int Most(IReadOnlyList<SliceDevice> devices, DeviceUse left)
    {
        var all = new List<(SliceDevice Device, ImmutableArray<(string Name, long Amount)> Shares)>();
        foreach (var device in devices)
        {
            var shares = DeviceShares.Of(device, Shares);
            while (shares is { } each && left.IsFree(device, each))
            {
                left.Take(device, each);
                all.Add((device, each));
                // A device of which nothing is taken would be had without end.
                if (each.All(static s => s.Amount == 0)) break;
            }
        }

        foreach (var (device, shares) in all) left.GiveBack(device, shares);
        return all.Count;
    }

    private string? Untolerated(SliceDevice device)
    {
        foreach (var taint in device.Json.Items("taints"))
        {
            if (taint.Text("effect") is "NoSchedule" or "NoExecute" && !Tolerates(taint)) return taint.Text("key");
        }

        return null;
    }

    private bool Tolerates(JsonElement taint) => Json.Items("tolerations").Any(t =>
        (t.Text("key").Length == 0 || t.Text("key") == taint.Text("key")) && (t.Text("effect").Length == 0 || t.Text("effect") == taint.Text("effect"))
        && (t.Text("operator") is "Exists" || t.Text("value") == taint.Text("value")));
}
