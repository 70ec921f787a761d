using Slipway.ApiServer.Http;
using Slipway.ApiServer.Json;

namespace Slipway.ApiServer.Kinds.Workloads;

/// <summary>
/// What a job's status may say, and what may follow on what it said before: a job that is over stays over. Any controller may drive a job
/// (spec.managedBy), so kube-apiserver holds all of them to it.
/// </summary>
internal static class JobStatusRules
{
    private const string Complete = "Complete", Failed = "Failed", Failing = "FailureTarget", Succeeding = "SuccessCriteriaMet";

    public static void Check(JsonMap job, JsonMap oldJob, List<FieldError> errors)
    {
        var (status, old) = (new Spot(job.Map("status") ?? new JsonMap(), "status", errors), oldJob.Map("status") ?? new JsonMap());
        var oldSpot = new Spot(old, "status", []);
        foreach (var name in (string[])["active", "succeeded", "failed", "ready", "terminating"]) status.NotNegative(name);
        Conditions(status, oldSpot);
        Times(status, oldSpot, job.Map("spec")?.At("suspend") is true);
        Counters(status, oldSpot, job.Map("spec"));
    }

    private static void Conditions(Spot status, Spot old)
    {
        void Fault(string detail) => status.Errors.Add(FieldError.Invalid(status.Of("conditions"), detail));
        bool Now(string type) => Holds(status, type);
        bool Before(string type) => Holds(old, type);

        if (Now(Complete) && Now(Failed)) Fault("cannot set Complete=True and Failed=true conditions");
        if (Now(Complete) && Now(Failing)) Fault("cannot set Complete=True and FailureTarget=true conditions");
        if (Now(Failed) && !Before(Failed) && !Now(Failing)) Fault("cannot set Failed=True condition without the FailureTarget=true condition");
        if (Now(Complete) && !(Before(Complete) && Before(Succeeding) == Now(Succeeding)) && !Now(Succeeding)) Fault("cannot set Complete=True condition without the SuccessCriteriaMet=true condition");
        if (Now(Succeeding) && Now(Failed)) Fault("cannot set SuccessCriteriaMet=True and Failed=true conditions");
        if (Now(Succeeding) && Now(Failing)) Fault("cannot set SuccessCriteriaMet=True and FailureTarget=true conditions");
        foreach (var type in (string[])[Failed, Complete, Failing])
            if (Before(type) && !Now(type)) Fault($"cannot disable the terminal {type}=True condition");
        if (Before(Succeeding) && !Now(Succeeding)) Fault("cannot disable the SuccessCriteriaMet=True condition");
        if (Before(Complete) && !Before(Succeeding) && Now(Succeeding)) Fault("cannot set SuccessCriteriaMet=True for Job already has Complete=true conditions");
    }

    private static void Times(Spot status, Spot old, bool suspended)
    {
        var (begun, ended, complete) = (status.Value.At("startTime") as string, status.Value.At("completionTime") as string, Holds(status, Complete));
        var changed = complete != Holds(old, Complete) || ended != old.Value.At("completionTime") as string;
        if (changed && ended is not null && !complete) status.Invalid("completionTime", ended, "cannot set completionTime when there is no Complete=True condition");
        if (changed && ended is null && complete) status.Required("completionTime", "completionTime is required for Complete jobs");
        // Both are in UTC and of one form by now, so their order is that of their letters.
        if (begun is not null && ended is not null && string.CompareOrdinal(ended, begun) < 0) status.Invalid("completionTime", ended, "must be equal to or after `startTime`");
        if (begun is null && IsOver(status) && !IsOver(old)) status.Required("startTime", "startTime is required for finished job");
        if (ended is not null && old.Value.At("completionTime") is string ending && ending != ended) status.Invalid("completionTime", ended, "field is immutable");
        if (old.Value.At("startTime") is string beginning && beginning != begun && !suspended) status.Invalid("startTime", begun, "field is immutable for unsuspended job once set");
    }

    private static void Counters(Spot status, Spot old, JsonMap? spec)
    {
        long Now(string name) => status.Number(name) ?? 0;
        long Before(string name) => old.Number(name) ?? 0;
        var ended = IsOver(status) && !IsOver(old);
        if (IsOver(status) && Now("active") > 0 && (ended || Now("active") != Before("active"))) status.Invalid("active", Now("active"), "active>0 is invalid for finished job");
        if (IsOver(status) && Now("terminating") > 0 && (ended || Now("terminating") != Before("terminating"))) status.Invalid("terminating", Now("terminating"), "terminating>0 is invalid for finished job");
        if (Now("ready") > Now("active") && (Now("ready") != Before("ready") || Now("active") != Before("active"))) status.Invalid("ready", Now("ready"), "cannot set more ready pods than active");
        if (Now("failed") < Before("failed")) status.Invalid("failed", Now("failed"), "cannot decrease the failed counter");
        // Indexed jobs of as many pods as completions may be made smaller.
        var indexed = spec?.Text("completionMode") == "Indexed";
        if (Now("succeeded") < Before("succeeded") && !(indexed && JsonValues.Same(spec?.At("completions"), spec?.At("parallelism"))))
            status.Invalid("succeeded", Now("succeeded"), "cannot decrease the succeeded counter");
        if (!indexed && status.Text("completedIndexes") is { Length: > 0 } indexes && indexes != old.Text("completedIndexes"))
            status.Invalid("completedIndexes", indexes, "cannot set non-empty completedIndexes when non-indexed completion mode");
        if (spec?.At("backoffLimitPerIndex") is null && status.Value.At("failedIndexes") is string failed && failed != old.Value.At("failedIndexes") as string)
            status.Invalid("failedIndexes", failed, "cannot set non-null failedIndexes when backoffLimitPerIndex is null");
    }

    private static bool Holds(Spot status, string type) => status.Items("conditions").Any(c => c.Text("type") == type && c.Text("status") == "True");

    private static bool IsOver(Spot status) => Holds(status, Complete) || Holds(status, Failed);
}
