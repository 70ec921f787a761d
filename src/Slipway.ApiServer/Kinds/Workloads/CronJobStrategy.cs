using Slipway.ApiServer.Http;
using Slipway.ApiServer.Json;
using Slipway.ApiServer.Kinds.PodSpecs;

namespace Slipway.ApiServer.Kinds.Workloads;

/// <summary>CronJobs: a schedule that can be read, and a job that could be made.</summary>
internal sealed class CronJobStrategy : KindStrategy
{
    // Eleven characters are left for the time in the names of its jobs.
    private const int LongestName = 52;

    public override string? NameFault(string name) => base.NameFault(name) ?? (name.Length > LongestName ? "must be no more than 52 characters" : null);

    public override void PrepareForCreate(JsonMap value) => value["status"] = new JsonMap();

    public override void Default(JsonMap value)
    {
        var template = value.Ensure("spec").Map("jobTemplate");
        PodDefaults.Apply(template?.Map("spec", "template")?.Map("spec"));
    }

    public override void Validate(JsonMap value, JsonMap? old, List<FieldError> errors)
    {
        if (value.Map("spec") is not { } map) return;
        var spec = new Spot(map, "spec", errors);
        Schedule(spec);
        spec.OneOf("concurrencyPolicy", "Allow", "Forbid", "Replace");
        foreach (var name in (string[])["startingDeadlineSeconds", "successfulJobsHistoryLimit", "failedJobsHistoryLimit"]) spec.NotNegative(name);
        if (map.At("timeZone") is string zone) Zone(spec, zone);
        if (spec.Map("jobTemplate")?.Map("spec") is not { } job) return;
        JobRules.Check(job, old?.Map("spec", "jobTemplate")?.Map("spec"));
        if (job.Value.At("manualSelector") is true) job.NotSupported("manualSelector", true, "nil", "false");
    }

    private static void Schedule(Spot spec)
    {
        if (spec.Text("schedule") is not { Length: > 0 } schedule)
        {
            if (spec.Value.ContainsKey("schedule")) spec.Required("schedule");
            return;
        }

        if (schedule.Contains("TZ", StringComparison.Ordinal)) spec.Invalid("schedule", schedule, "cannot use TZ or CRON_TZ in schedule, use timeZone field instead");
        else if (CronSchedule.Fault(schedule) is { } fault) spec.Invalid("schedule", schedule, fault);
    }

    private static void Zone(Spot spec, string zone)
    {
        if (zone.Length == 0)
        {
            spec.Invalid("timeZone", zone, "timeZone must be nil or non-empty string");
            return;
        }

        if (zone.Equals("local", StringComparison.OrdinalIgnoreCase))
            spec.Invalid("timeZone", zone, "timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones");
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(zone, out _)) spec.Invalid("timeZone", zone, $"unknown time zone {zone}");
    }
}
