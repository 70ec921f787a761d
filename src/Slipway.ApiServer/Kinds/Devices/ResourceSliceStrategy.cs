using Slipway.ApiServer.Http;
using Slipway.ApiServer.Json;
using Slipway.ApiServer.Kinds.PodSpecs;

namespace Slipway.ApiServer.Kinds.Devices;

/// <summary>Slices of what a driver offers: one pool, in one place, of devices or of counters that devices share.</summary>
internal sealed class ResourceSliceStrategy : KindStrategy
{
    private const int MostDevices = 128, MostCounterSets = 8;

    private static readonly string[] s_places = ["nodeName", "nodeSelector", "allNodes", "perDeviceNodeSelection"];

    public override void PrepareForCreate(JsonMap value)
    {
        foreach (var taint in (value.Map("spec")?.List("devices")?.Maps() ?? []).SelectMany(d => d.List("taints")?.Maps() ?? []))
            taint.TryAdd("timeAdded", value.Text("metadata", "creationTimestamp"));
    }

    public override void Validate(JsonMap value, JsonMap? old, List<FieldError> errors)
    {
        if (value.Map("spec") is not { } map) return;
        var spec = new Spot(map, "spec", errors);
        DeviceNames.Driver(spec, "driver");
        if (spec.Map("pool") is { } pool) Pool(pool);
        Place(spec);
        Devices(spec);
        if (old?.Map("spec") is not { } before) return;
        foreach (var name in (string[])["driver", "nodeName"])
            if (!JsonValues.Same(before.At(name), map.At(name))) spec.Invalid(name, map.At(name), "field is immutable");
        if (before.Map("pool")?.Text("name") is { } named && named != map.Map("pool")?.Text("name")) spec.Invalid("pool.name", map.Map("pool")?.At("name"), "field is immutable");
    }

    private static void Pool(Spot pool)
    {
        if (pool.Text("name").Length == 0) pool.Required("name");
        else
            foreach (var part in pool.Text("name").Split('/'))
                if (Names.SubdomainFault(part) is { } fault) pool.Invalid("name", part, fault);
        if (pool.Number("resourceSliceCount") is null or <= 0) pool.Invalid("resourceSliceCount", pool.Number("resourceSliceCount") ?? 0, "must be greater than zero");
        if (pool.Number("generation") is < 0 and var generation) pool.Invalid("generation", generation, "must be greater than or equal to zero");
    }

    private static void Place(Spot spec)
    {
        var given = new List<string>();
        foreach (var place in s_places)
        {
            if (spec.Value.At(place) is false) spec.Invalid(place, false, "must be either unset or set to true");
            else if (spec.Value.At(place) is not (null or "")) given.Add(place);
        }

        spec.Fits("nodeName", Names.SubdomainFault);
        if (spec.Map("nodeSelector") is { } selector)
        {
            NodeSelectorRules.Check(selector);
            if (selector.Value.List("nodeSelectorTerms") is not { Count: 1 } and var terms) selector.Invalid("nodeSelectorTerms", terms, "must have exactly one node selector term");
        }

        const string One = "exactly one of `nodeName`, `nodeSelector`, `allNodes`, `perDeviceNodeSelection` is required";
        if (given.Count == 0) spec.Errors.Add(FieldError.Required("spec", One));
        else if (given.Count > 1) spec.Errors.Add(FieldError.Invalid("spec", $"{{{string.Join(", ", given.Select(g => $"`{g}`"))}}}", One + ", but multiple fields are set"));
    }

    private static void Devices(Spot spec)
    {
        var (devices, counters) = (spec.Value.List("devices") ?? [], spec.Value.List("sharedCounters") ?? []);
        if (devices.Count > 0 && counters.Count > 0) spec.Errors.Add(FieldError.Invalid("spec", "", "only one of `sharedCounters` or `devices` is allowed"));
        if (devices.Count > MostDevices) spec.Errors.Add(FieldError.TooMany("spec.devices", devices.Count, MostDevices));
        if (counters.Count > MostCounterSets) spec.Errors.Add(FieldError.TooMany("spec.sharedCounters", counters.Count, MostCounterSets));
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var device in spec.Items("devices").Take(MostDevices))
        {
            if (!names.Add(device.Text("name"))) spec.Errors.Add(FieldError.Duplicate(device.Path, device.Text("name")));
            DeviceRules.Check(device, spec.Value.At("perDeviceNodeSelection") is true);
        }

        foreach (var set in spec.Items("sharedCounters").Take(MostCounterSets))
        {
            set.Name("name", Names.LabelFault);
            if (set.Value.Map("counters") is null or { Count: 0 }) set.Required("counters");
        }
    }
}
