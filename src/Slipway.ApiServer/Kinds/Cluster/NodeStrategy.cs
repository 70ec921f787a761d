using System.Net;
using Slipway.ApiServer.Http;
using Slipway.ApiServer.Json;

namespace Slipway.ApiServer.Kinds.Cluster;

/// <summary>Nodes: what they are and which addresses they give stays once it is known.</summary>
internal sealed class NodeStrategy : PlainStrategy
{
    public override void Default(JsonMap value)
    {
        // The older field shows the first of the newer.
        if (value.Map("spec") is { } spec && spec.Text("podCIDR") is { Length: > 0 } range && (spec.List("podCIDRs") is not [string first, ..] || first != range)) spec["podCIDRs"] = JsonList.Of([range]);
    }

    public override void Validate(JsonMap value, JsonMap? old, List<FieldError> errors)
    {
        if (value.Map("spec") is not { } map) return;
        var spec = new Spot(map, "spec", errors);
        Taints(spec);
        foreach (var (text, path) in spec.Texts("podCIDRs"))
            if (!IPNetwork.TryParse(text, out _)) errors.Add(FieldError.Invalid(path, text, Addresses.NetworkFault));
        if (old?.Map("spec") is not { } before) return;
        if (before.Text("providerID") is { Length: > 0 } id && id != spec.Text("providerID")) spec.Forbidden("providerID", "node updates may not change providerID except from \"\" to valid");
        if (before.List("podCIDRs") is { Count: > 0 } ranges && !JsonValues.Same(ranges, map.At("podCIDRs")))
            spec.Forbidden("podCIDRs", "node updates may not change podCIDR except from \"\" to valid");
    }

    private static void Taints(Spot spec)
    {
        var seen = new HashSet<(string, string)>();
        foreach (var item in spec.Items("taints"))
        {
            // Upstream places them in the metadata.
            var taint = item with { Path = item.Path.Replace("spec.", "metadata.", StringComparison.Ordinal) };
            foreach (var fault in taint.Text("key").Length > 0 ? Names.QualifiedNameFaults(taint.Text("key")) : []) taint.Invalid("key", taint.Text("key"), fault);
            if (Names.LabelValueFault(taint.Text("value")) is { } wrong) taint.Invalid("value", taint.Text("value"), wrong);
            taint.OneOf("effect", "NoSchedule", "PreferNoSchedule", "NoExecute");
            if (seen.Add((taint.Text("key"), taint.Text("effect")))) continue;
            var shown = new JsonMap { ["Key"] = taint.Text("key"), ["Value"] = taint.Text("value"), ["Effect"] = taint.Text("effect"), ["TimeAdded"] = taint.Value.At("timeAdded") };
            var duplicate = FieldError.Duplicate(taint.Path, shown);
            spec.Errors.Add(duplicate with { Message = duplicate.Message + ": taints must be unique by key and effect pair" });
        }
    }
}
