using Slipway.ApiServer.Http;
using Slipway.ApiServer.Json;

namespace Slipway.ApiServer.Kinds;

/// <summary>events.k8s.io shows the same events as core/v1 under other names (KEP-383); they are stored in core's form.</summary>
internal sealed class EventViewStrategy : PlainStrategy
{
    private static readonly (string View, string Core)[] s_names =
    [
        ("note", "message"), ("regarding", "involvedObject"), ("reportingController", "reportingComponent"), ("deprecatedSource", "source"),
        ("deprecatedFirstTimestamp", "firstTimestamp"), ("deprecatedLastTimestamp", "lastTimestamp"), ("deprecatedCount", "count"),
    ];

    public override bool HasStoredForm => true;

    public override void ToStored(JsonMap value)
    {
        value["apiVersion"] = "v1";
        foreach (var (view, core) in s_names)
            if (value.Remove(view, out var member)) value[core] = member;
        value.TryAdd("involvedObject", new JsonMap());
    }

    public override void Validate(JsonMap value, JsonMap? old, List<FieldError> errors) => EventRules.Check(InCore(value), old is null ? null : InCore(old), newer: true, errors);

    private JsonMap InCore(JsonMap value)
    {
        var copy = JsonValues.Shallow(value);
        ToStored(copy);
        return copy;
    }

    public override void FromStored(JsonMap value, ServedVersion version)
    {
        value["apiVersion"] = "events.k8s.io/v1";
        foreach (var (view, core) in s_names)
            if (value.Remove(core, out var member)) value[view] = member;
    }
}
