using Slipway.ApiServer.Http;
using Slipway.ApiServer.Json;

namespace Slipway.ApiServer.Kinds.Cluster;

/// <summary>Fields that stay as they were created.</summary>
internal static class Fixed
{
    public static void Check(JsonMap value, JsonMap? old, List<FieldError> errors, params string[] names)
    {
        foreach (var name in old is null ? [] : names)
            if (!JsonValues.Same(value.At(name), old!.At(name))) errors.Add(FieldError.Invalid(name, value.At(name), "field is immutable"));
    }
}

/// <summary>Priority classes: a value that stays, below those that belong to the system.</summary>
internal sealed class PriorityClassStrategy : PlainStrategy
{
    private const long Highest = 1_000_000_000;

    // It is given once and never counted.
    public override void PrepareForCreate(JsonMap value) => value.Ensure("metadata")["generation"] = 1L;

    public override void Validate(JsonMap value, JsonMap? old, List<FieldError> errors)
    {
        var name = value.Text("metadata", "name") ?? "";
        var system = name.StartsWith("system-", StringComparison.Ordinal);
        if (system && name is not ("system-cluster-critical" or "system-node-critical"))
            errors.Add(FieldError.Forbidden("metadata.name", $"priority class names with 'system-' prefix are reserved for system use only. error: {name} is not a known system priority class"));
        else if (!system && value.At("value") is > Highest)
            errors.Add(FieldError.Forbidden("value", "maximum allowed value of a user defined priority is 1000000000"));
        new Spot(value, "", errors).OneOf("preemptionPolicy", "PreemptLowerPriority", "Never");
        if (old is null) return;
        if (!JsonValues.Same(value.At("value"), old.At("value"))) errors.Add(FieldError.Forbidden("value", "may not be changed in an update."));
        Fixed.Check(value, old, errors, "preemptionPolicy");
    }
}

/// <summary>Classes of storage: all but the growth of volumes stays.</summary>
internal sealed class StorageClassStrategy : PlainStrategy
{
    public override void Validate(JsonMap value, JsonMap? old, List<FieldError> errors)
    {
        var spot = new Spot(value, "", errors);
        if (spot.Text("provisioner").ToLowerInvariant() is { Length: > 0 } provisioner)
            foreach (var fault in Names.QualifiedNameFaults(provisioner)) spot.Invalid("provisioner", provisioner, fault);
        spot.OneOf("reclaimPolicy", "Delete", "Retain");
        spot.OneOf("volumeBindingMode", "Immediate", "WaitForFirstConsumer");
        Fixed.Check(value, old, errors, "parameters", "provisioner", "reclaimPolicy", "volumeBindingMode");
    }
}

/// <summary>Classes of runtime: the handler stays.</summary>
internal sealed class RuntimeClassStrategy : PlainStrategy
{
    public override void Validate(JsonMap value, JsonMap? old, List<FieldError> errors)
    {
        new Spot(value, "", errors).Fits("handler", Names.LabelFault);
        Fixed.Check(value, old, errors, "handler");
    }
}

/// <summary>Storage drivers: what they need is assumed in their favour.</summary>
internal sealed class StorageDriverStrategy : PlainStrategy
{
    public override void Default(JsonMap value)
    {
        var spec = value.Ensure("spec");
        spec.TryAdd("attachRequired", true);
        spec.TryAdd("fsGroupPolicy", "ReadWriteOnceWithFSType");
        foreach (var name in (string[])["podInfoOnMount", "requiresRepublish", "seLinuxMount", "storageCapacity"]) spec.TryAdd(name, false);
        if (spec.List("volumeLifecycleModes") is null or { Count: 0 }) spec["volumeLifecycleModes"] = JsonList.Of(["Persistent"]);
    }
}

/// <summary>Leases: spans of time that are some.</summary>
internal sealed class LeaseStrategy : PlainStrategy
{
    public override void Validate(JsonMap value, JsonMap? old, List<FieldError> errors)
    {
        if (value.Map("spec") is not { } map) return;
        var spec = new Spot(map, "spec", errors);
        if (spec.Number("leaseDurationSeconds") is <= 0 and var seconds) spec.Invalid("leaseDurationSeconds", seconds, "must be greater than 0");
        spec.NotNegative("leaseTransitions");
    }
}

/// <summary>Kept states of workloads: what is kept stays.</summary>
internal sealed class RevisionStrategy : PlainStrategy
{
    public override void Validate(JsonMap value, JsonMap? old, List<FieldError> errors)
    {
        if (value.At("data") is null) errors.Add(FieldError.Required("data", "data is mandatory"));
        if (value.At("revision") is < 0L and var revision) errors.Add(FieldError.Invalid("revision", revision, "must be greater than or equal to 0"));
        Fixed.Check(value, old, errors, "data");
    }
}
