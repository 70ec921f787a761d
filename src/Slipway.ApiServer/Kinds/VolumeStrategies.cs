using Slipway.ApiServer.Http;
using Slipway.ApiServer.Json;

namespace Slipway.ApiServer.Kinds;

/// <summary>Claims begin as pending and must say how they are used and how much they ask for.</summary>
internal sealed class ClaimStrategy : PlainStrategy
{
    public override void PrepareForCreate(JsonMap value) => value["status"] = new JsonMap { ["phase"] = "Pending" };

    public override void Validate(JsonMap value, JsonMap? old, List<FieldError> errors)
    {
        if (value.Map("spec")?.List("accessModes") is null or { Count: 0 }) errors.Add(FieldError.Required("spec.accessModes", "at least 1 access mode is required"));
        if (value.Map("spec", "resources")?.Map("requests")?.At("storage") is null) errors.Add(FieldError.Required("spec.resources[storage]"));
    }
}

/// <summary>Volumes begin as pending.</summary>
internal sealed class VolumeStrategy : PlainStrategy
{
    public override void PrepareForCreate(JsonMap value) => value["status"] = new JsonMap { ["phase"] = "Pending" };

    public override void Default(JsonMap value) => value.Map("spec", "hostPath")?.TryAdd("type", "");

    public override void Validate(JsonMap value, JsonMap? old, List<FieldError> errors)
    {
        if (value.Map("spec")?.List("accessModes") is null or { Count: 0 }) errors.Add(FieldError.Required("spec.accessModes"));
        if (value.Map("spec", "capacity") is null or { Count: 0 }) errors.Add(FieldError.Required("spec.capacity"));
    }
}
