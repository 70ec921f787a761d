using Slipway.ApiServer.Http;
using Slipway.ApiServer.Json;

namespace Slipway.ApiServer.Kinds.Devices;

/// <summary>Claims of devices: what is asked for stays, and so does what was given.</summary>
internal sealed class ResourceClaimStrategy : PlainStrategy
{
    private const int MostConsumers = 256;

    public override void PrepareForCreate(JsonMap value) => value["status"] = new JsonMap();

    public override void Default(JsonMap value) => DeviceClaimRules.Default(value.Map("spec", "devices"));

    public override void Validate(JsonMap value, JsonMap? old, List<FieldError> errors)
    {
        if (old is null)
        {
            if (value.Map("spec", "devices") is { } devices) DeviceClaimRules.Check(new Spot(devices, "spec.devices", errors));
            return;
        }

        if (!JsonValues.Same(value.At("spec"), old.At("spec"))) errors.Add(FieldError.Invalid("spec", value.At("spec"), "field is immutable"));
        if (value.Map("status") is { } status && !JsonValues.Same(status, old.At("status"))) Status(new Spot(status, "status", errors), old.Map("status"));
    }

    private static void Status(Spot status, JsonMap? before)
    {
        if (status.Value.List("reservedFor") is { Count: > 0 } consumers)
        {
            if (status.Map("allocation") is null) status.Forbidden("reservedFor", "may not be specified when `allocated` is not set");
            if (consumers.Count > MostConsumers) status.Errors.Add(FieldError.TooMany("status.reservedFor", consumers.Count, MostConsumers));
        }

        if (before?.Map("allocation") is { } given && status.Map("allocation") is { } now && !JsonValues.Same(given, now.Value))
            status.Invalid("allocation", now.Value, "field is immutable");
    }
}

/// <summary>Templates of claims: nothing of them changes.</summary>
internal sealed class ResourceClaimTemplateStrategy : PlainStrategy
{
    public override void Default(JsonMap value) => DeviceClaimRules.Default(value.Map("spec", "spec")?.Map("devices"));

    public override void Validate(JsonMap value, JsonMap? old, List<FieldError> errors)
    {
        if (old is not null)
        {
            if (!JsonValues.Same(value.At("spec"), old.At("spec"))) errors.Add(FieldError.Invalid("spec", value.At("spec"), "field is immutable"));
            return;
        }

        foreach (var (key, label) in value.Map("spec", "metadata")?.Map("labels") ?? [])
        {
            foreach (var fault in Names.QualifiedNameFaults(key)) errors.Add(FieldError.Invalid("spec.metadata.labels", key, fault));
            if (label is string text && Names.LabelValueFault(text) is { } wrong) errors.Add(FieldError.Invalid("spec.metadata.labels", text, wrong));
        }

        if (value.Map("spec", "spec")?.Map("devices") is { } devices) DeviceClaimRules.Check(new Spot(devices, "spec.spec.devices", errors));
    }
}

/// <summary>Classes of devices.</summary>
internal sealed class DeviceClassStrategy : KindStrategy
{
    public override void Validate(JsonMap value, JsonMap? old, List<FieldError> errors)
    {
        if (value.Map("spec") is not { } map || JsonValues.Same(map, old?.At("spec"))) return;
        var spec = new Spot(map, "spec", errors);
        DeviceSelectors.Check(spec);
        foreach (var config in spec.Items("config")) DeviceClaimRules.Config(config);
        if (spec.Text("extendedResourceName") is { Length: > 0 } name && (!name.Contains('/', StringComparison.Ordinal) || Names.QualifiedNameFault(name) is not null))
            spec.Invalid("extendedResourceName", name, "must be a valid extended resource name");
    }
}
