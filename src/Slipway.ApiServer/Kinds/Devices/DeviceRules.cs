using Slipway.ApiServer.Http;
using Slipway.ApiServer.Json;
using Slipway.Cel;

namespace Slipway.ApiServer.Kinds.Devices;

/// <summary>The rules of one device in a slice.</summary>
internal static class DeviceRules
{
    private const int MostValues = 32, MostTaints = 16, MostCounters = 2;
    private const int LongestText = 64;

    // A device's attribute is one of these; upstream shows them under their Go names.
    private static readonly string[] s_kinds = ["int", "bool", "string", "version", "ints", "bools", "strings", "versions"];

    public static void Check(Spot device, bool placed)
    {
        if (Names.LabelFault(device.Text("name")) is { } fault) device.Invalid("name", device.Text("name"), fault);
        var (attributes, capacity) = (device.Value.Map("attributes"), device.Value.Map("capacity"));
        if ((attributes?.Count ?? 0) + (capacity?.Count ?? 0) is > MostValues and var many)
            device.Errors.Add(FieldError.Invalid(device.Path, (long)many, "the total number of attributes and capacities must not exceed 32"));
        foreach (var (name, value) in attributes ?? [])
        {
            DeviceNames.Qualified(device.Of("attributes"), name, device.Errors);
            if (value is JsonMap attribute) Attribute(new Spot(attribute, $"{device.Of("attributes")}[{name}]", device.Errors));
        }

        foreach (var name in capacity?.Keys ?? Enumerable.Empty<string>()) DeviceNames.Qualified(device.Of("capacity"), name, device.Errors);
        Place(device, placed);
        Taints(device);
        if (device.Value.List("consumesCounters") is { Count: > MostCounters } sets) device.Errors.Add(FieldError.TooMany(device.Of("consumesCounters"), sets.Count, MostCounters));
        foreach (var consumed in device.Items("consumesCounters"))
        {
            if (consumed.Text("counterSet").Length == 0) consumed.Required("counterSet");
            if (consumed.Value.Map("counters") is null or { Count: 0 }) consumed.Required("counters");
        }
    }

    private static void Attribute(Spot attribute)
    {
        var given = s_kinds.Where(attribute.Has).ToList();
        if (given.Count == 0) attribute.Errors.Add(FieldError.Invalid(attribute.Path, "", "exactly one value must be specified"));
        if (given.Count > 1) attribute.Errors.Add(FieldError.Invalid(attribute.Path, Shown(attribute.Value), "exactly one value must be specified"));
        if (given.Count != 1) return;
        if (attribute.Value.Text("string") is { Length: > LongestText }) attribute.Errors.Add(FieldError.TooLong(attribute.Of("string"), LongestText));
        if (attribute.Value.Text("version") is not { } version) return;
        if (version.Length > LongestText) attribute.Errors.Add(FieldError.TooLong(attribute.Of("version"), LongestText));
        else if (!IsVersion(version)) attribute.Invalid("version", version, "must be a string compatible with semver.org spec 2.0.0");
    }

    private static readonly CelProgram s_isVersion = CelEnvironment.Kubernetes.WithVariable("v", CelType.String).Compile("isSemver(v)").Program!;

    private static bool IsVersion(string version) =>
        s_isVersion.Evaluate(new Dictionary<string, CelValue> { ["v"] = CelValue.From(version) }) is { IsSuccess: true } result && result.Value.Equals(CelValue.From(true));

    private static JsonMap Shown(JsonMap attribute)
    {
        var shown = new JsonMap();
        foreach (var kind in s_kinds)
        {
            var one = kind.TrimEnd('s');
            shown[char.ToUpperInvariant(one[0]) + one[1..] + (one == kind ? "Value" : "Values")] = attribute.At(kind);
        }

        return shown;
    }

    private static void Place(Spot device, bool placed)
    {
        var given = ((string[])["nodeName", "nodeSelector", "allNodes"]).Count(n => device.Value.At(n) is not (null or false));
        if (!placed && given > 0)
            device.Errors.Add(FieldError.Invalid(device.Path, null, "`nodeName`, `nodeSelector` and `allNodes` can only be set if `perDeviceNodeSelection` is set to true in the ResourceSlice spec"));
        if (placed && given != 1)
            device.Errors.Add(FieldError.Required(device.Path, "exactly one of `nodeName`, `nodeSelector`, or `allNodes` is required when `perDeviceNodeSelection` is set to true in the ResourceSlice spec"));
    }

    private static void Taints(Spot device)
    {
        if (device.Value.List("taints") is { Count: > MostTaints } many) device.Errors.Add(FieldError.TooMany(device.Of("taints"), many.Count, MostTaints));
        foreach (var taint in device.Items("taints").Take(MostTaints))
        {
            foreach (var fault in Names.QualifiedNameFaults(taint.Text("key"))) taint.Invalid("key", taint.Text("key"), fault);
            if (Names.LabelValueFault(taint.Text("value")) is { } wrong) taint.Invalid("value", taint.Text("value"), wrong);
            if (taint.Text("effect") is not { Length: > 0 }) taint.Required("effect");
            else taint.OneOf("effect", "NoExecute", "NoSchedule", "None");
        }
    }
}
