using Slipway.ApiServer.Http;
using Slipway.ApiServer.Json;

namespace Slipway.ApiServer.Kinds.Workloads;

/// <summary>The rules of jobs, and of jobs in the templates of CronJobs.</summary>
internal static class JobRules
{
    private const long MostIndexed = 100_000;
    private const string Immutable = "field is immutable", NeedsIndexes = "requires indexed completion mode";

    public static void Check(Spot spec, JsonMap? before)
    {
        var indexed = spec.Text("completionMode") == "Indexed";
        foreach (var name in (string[])["parallelism", "completions", "activeDeadlineSeconds", "backoffLimit", "ttlSecondsAfterFinished", "backoffLimitPerIndex", "maxFailedIndexes"])
            spec.NotNegative(name);
        spec.OneOf("completionMode", "NonIndexed", "Indexed");
        spec.OneOf("podReplacementPolicy", "Failed", "TerminatingOrFailed");
        if (indexed)
        {
            if (!spec.Has("completions")) spec.Required("completions", "when completion mode is Indexed");
            if (spec.Number("parallelism") is > MostIndexed and var many) spec.Invalid("parallelism", many, "must be less than or equal to 100000 when completion mode is Indexed");
        }
        else
        {
            foreach (var name in (string[])["backoffLimitPerIndex", "maxFailedIndexes"])
                if (spec.Number(name) is { } number) spec.Invalid(name, number, NeedsIndexes);
            if (spec.Map("successPolicy") is { } policy) spec.Invalid("successPolicy", policy.Value, NeedsIndexes);
        }

        if (spec.Has("maxFailedIndexes") && !spec.Has("backoffLimitPerIndex")) spec.Required("backoffLimitPerIndex", "when maxFailedIndexes is specified");
        if (spec.Text("managedBy") is { Length: > 0 } manager && (manager.IndexOf('/', StringComparison.Ordinal) is < 1 || manager.EndsWith('/')))
            spec.Invalid("managedBy", manager, "must be a domain-prefixed path (such as \"acme.io/foo\")");
        TemplateRules.Check(spec, before);
        var restart = spec.Map("template")?.Map("spec");
        if (restart is { } pod && pod.Text("restartPolicy") is not ("OnFailure" or "Never")) pod.Required("restartPolicy", "valid values: \"OnFailure\", \"Never\"");
        if (spec.Map("podFailurePolicy") is { } failures) Failures(spec, failures);
    }

    public static void CheckUpdate(Spot spec, JsonMap before)
    {
        // A job that waits may still get other labels, resources and places for its pods.
        foreach (var name in before.At("suspend") is true ? ["selector"] : (string[])["selector", "template"])
            if (!JsonValues.Same(before.At(name), spec.Value.At(name))) spec.Invalid(name, spec.Value.At(name), Immutable);
        foreach (var name in (string[])["completionMode", "podFailurePolicy", "backoffLimitPerIndex", "managedBy", "successPolicy"])
            if (!JsonValues.Same(before.At(name), spec.Value.At(name))) spec.Invalid(name, spec.Value.At(name), Immutable);
        if (JsonValues.Same(before.At("completions"), spec.Value.At("completions"))) return;
        if (spec.Text("completionMode") != "Indexed") spec.Invalid("completions", spec.Value.At("completions"), Immutable);
        else if (!JsonValues.Same(spec.Value.At("completions"), spec.Value.At("parallelism")))
            spec.Invalid("completions", spec.Value.At("completions"), "can only be modified in tandem with spec.parallelism");
    }

    private static void Failures(Spot spec, Spot policy)
    {
        if (spec.Map("template")?.Map("spec") is { } pod && pod.Text("restartPolicy") is not "Never" and var restart)
            pod.Invalid("restartPolicy", restart, "only \"Never\" is supported when podFailurePolicy is specified");
        foreach (var rule in policy.Items("rules"))
        {
            if (rule.Text("action").Length == 0) rule.Required("action", "valid values: [\"Count\" \"FailIndex\" \"FailJob\" \"Ignore\"]");
            else rule.OneOf("action", "Count", "FailIndex", "FailJob", "Ignore");
            // Upstream shows no value here, nor quotes.
            if (!rule.Has("onExitCodes") && rule.Value.List("onPodConditions") is null or { Count: 0 })
                policy.Errors.Add(new FieldError("FieldValueInvalid", rule.Path, "Invalid value: specifying one of OnExitCodes and OnPodConditions is required"));
        }
    }
}
