using Slipway.ApiServer.Http;
using Slipway.ApiServer.Json;

namespace Slipway.ApiServer.Kinds.Devices;

/// <summary>The rules of what a claim asks for (resource.k8s.io/v1 DeviceClaim).</summary>
internal static class DeviceClaimRules
{
    private const int MostRequests = 32, MostAlternatives = 8, MostConstraints = 32, MostConfigs = 32;

    private const string Reference = "must be the name of a request in the claim or the name of a request and a subrequest separated by '/'";

    public static void Default(JsonMap? devices)
    {
        foreach (var request in devices?.List("requests")?.Maps() ?? [])
        {
            if (request.Map("exactly") is { } exactly) Count(exactly);
            foreach (var alternative in request.List("firstAvailable")?.Maps() ?? []) Count(alternative);
        }
    }

    public static void Check(Spot devices)
    {
        Limit(devices, "requests", MostRequests);
        Limit(devices, "constraints", MostConstraints);
        Limit(devices, "config", MostConfigs);
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var request in devices.Items("requests").Take(MostRequests)) Request(request, names);
        foreach (var constraint in devices.Items("constraints"))
        {
            References(constraint, names);
            var (match, distinct) = (constraint.Text("matchAttribute"), constraint.Text("distinctAttribute"));
            // Upstream says the same whether none or both are given.
            if (match.Length == 0 == (distinct.Length == 0))
                devices.Errors.Add(FieldError.Required(constraint.Path, "exactly one of \"matchAttribute\" or \"distinctAttribute\" is required, but multiple fields are set"));
            if (match.Length > 0) DeviceNames.Qualified(constraint.Of("matchAttribute"), match, devices.Errors, domainNeeded: true);
            if (distinct.Length > 0) DeviceNames.Qualified(constraint.Of("distinctAttribute"), distinct, devices.Errors, domainNeeded: true);
        }

        foreach (var config in devices.Items("config"))
        {
            References(config, names);
            Config(config);
        }
    }

    /// <summary>Checks what is to be told to a driver.</summary>
    public static void Config(Spot config)
    {
        if (config.Map("opaque") is not { } opaque)
        {
            config.Required("opaque");
            return;
        }

        DeviceNames.Driver(opaque, "driver");
        if (!opaque.Has("parameters")) opaque.Required("parameters");
    }

    private static void Request(Spot request, HashSet<string> names)
    {
        var name = request.Text("name");
        if (Names.LabelFault(name) is { } fault) request.Invalid("name", name, fault);
        if (!names.Add(name)) request.Errors.Add(FieldError.Duplicate(request.Path, name));
        var (exactly, first) = (request.Map("exactly"), request.Value.List("firstAvailable") is { Count: > 0 });
        if (exactly is not null && first)
            request.Errors.Add(FieldError.Invalid(request.Path, null, "exactly one of `exactly` or `firstAvailable` is required, but multiple fields are set"));
        else if (exactly is null && !first) request.Errors.Add(FieldError.Required(request.Path, "exactly one of `exactly` or `firstAvailable` is required"));
        else if (exactly is { } one) Wanted(one);
        Limit(request, "firstAvailable", MostAlternatives);
        var alternatives = new HashSet<string>(StringComparer.Ordinal);
        foreach (var alternative in request.Items("firstAvailable").Take(MostAlternatives))
        {
            var own = alternative.Text("name");
            if (Names.LabelFault(own) is { } wrong) alternative.Invalid("name", own, wrong);
            if (!alternatives.Add(own)) request.Errors.Add(FieldError.Duplicate(alternative.Path, own));
            names.Add($"{name}/{own}");
            Wanted(alternative);
        }
    }

    private static void Wanted(Spot wanted)
    {
        wanted.Name("deviceClassName", Names.SubdomainFault);
        DeviceSelectors.Check(wanted);
        var count = wanted.Number("count");
        switch (wanted.Text("allocationMode"))
        {
            case "All":
                if (count is not (null or 0)) wanted.Invalid("count", count, "must not be specified when allocationMode is 'All'");
                break;
            case "ExactCount":
                if (count is null or <= 0) wanted.Invalid("count", count ?? 0, "must be greater than zero");
                break;
            default:
                wanted.NotSupported("allocationMode", wanted.Text("allocationMode"), "All", "ExactCount");
                break;
        }

        foreach (var toleration in wanted.Items("tolerations"))
        {
            foreach (var fault in toleration.Text("key").Length > 0 ? Names.QualifiedNameFaults(toleration.Text("key")) : []) toleration.Invalid("key", toleration.Text("key"), fault);
            toleration.OneOf("operator", "Equal", "Exists");
            if (toleration.Text("operator") == "Exists" && toleration.Text("value") is { Length: > 0 } value) toleration.Invalid("value", value, "must be empty for operator `Exists`");
            toleration.OneOf("effect", "NoExecute", "NoSchedule", "None");
        }
    }

    private static void References(Spot spot, HashSet<string> names)
    {
        foreach (var (text, path) in spot.Texts("requests"))
            if (!names.Contains(text)) spot.Errors.Add(FieldError.Invalid(path, text, Reference));
    }

    private static void Limit(Spot spot, string name, int most)
    {
        if (spot.Value.List(name) is { } list && list.Count > most) spot.Errors.Add(FieldError.TooMany(spot.Of(name), list.Count, most));
    }

    private static void Count(JsonMap wanted)
    {
        if (wanted.Text("allocationMode") is null or "") wanted["allocationMode"] = "ExactCount";
        if (wanted.Text("allocationMode") == "ExactCount" && wanted.At("count") is null or 0L) wanted["count"] = 1L;
    }
}
