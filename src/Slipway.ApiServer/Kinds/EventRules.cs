using Slipway.ApiServer.Http;
using Slipway.ApiServer.Json;

namespace Slipway.ApiServer.Kinds;

/// <summary>
/// The rules of events, in core's names whichever of the two kinds they came as: those without a time of their own are of the
/// older form, of which little is asked.
/// </summary>
internal static class EventRules
{
    private const int LongestText = 128, LongestNote = 1024, LeastRepeats = 2;

    // What the newer form does not repeat of the older one.
    private static readonly string[] s_deprecated = ["firstTimestamp", "lastTimestamp", "count", "source"];

    private static readonly string[] s_fixed = ["involvedObject", "reason", "message", "type", "action", "related", "reportingComponent", "reportingInstance", "eventTime"];

    public static void Check(JsonMap value, JsonMap? old, bool newer, List<FieldError> errors)
    {
        var spot = new Spot(value, "", errors);
        var older = !newer && !spot.Has("eventTime");
        Place(spot, older);
        if (older) return;
        if (old is null)
        {
            if (!spot.Has("eventTime")) spot.Required("eventTime");
            if (newer) Newer(spot);
            if (spot.Has("eventTime")) Reporter(spot, newer ? "reportingController" : "reportingComponent");
            return;
        }

        foreach (var name in newer ? s_fixed : [])
            if (!JsonValues.Same(old.At(name), value.At(name))) spot.Invalid(name, value.At(name), "field is immutable");
    }

    private static void Place(Spot value, bool older)
    {
        var (own, about) = (value.Value.Text("metadata", "namespace") ?? "", value.Value.Text("involvedObject", "namespace") ?? "");
        // Events about what has no namespace live in the default one.
        if (about.Length == 0 ? own != "default" && (older || own != "kube-system") : older && own != about) value.Invalid("involvedObject.namespace", about, "does not match event.namespace");
    }

    private static void Reporter(Spot value, string field)
    {
        var reporter = value.Text("reportingComponent");
        if (reporter.Length == 0) value.Required(field);
        foreach (var fault in Names.QualifiedNameFaults(reporter)) value.Invalid(field, reporter, fault);
        foreach (var name in (string[])["reportingInstance", "action", "reason"])
        {
            if (value.Text(name).Length == 0) value.Required(name);
            if (value.Text(name).Length > LongestText) value.Invalid(name, "", "can have at most 128 characters");
        }
    }

    private static void Newer(Spot value)
    {
        if (value.Text("type") is not ("Normal" or "Warning") and var type) value.Invalid("type", "", $"has invalid value: {type}");
        if (value.Text("message").Length > LongestNote) value.Invalid("message", "", "can have at most 1024 characters");
        foreach (var name in s_deprecated)
            if (value.Value.At(name) is not (null or JsonMap { Count: 0 } or 0L)) value.Invalid(name, "", "needs to be unset");
        if (value.Map("series") is not { } series) return;
        if (series.Number("count") is null or < LeastRepeats) series.Invalid("count", "", "should be at least 2");
        if (!series.Has("lastObservedTime")) series.Required("lastObservedTime");
    }
}

/// <summary>Events of core/v1.</summary>
internal sealed class EventStrategy : PlainStrategy
{
    public override void Validate(JsonMap value, JsonMap? old, List<FieldError> errors) => EventRules.Check(value, old, newer: false, errors);
}
