using System.Globalization;
using Slipway.ApiServer.Http;
using Slipway.ApiServer.Json;

namespace Slipway.ApiServer.Kinds.Workloads;

/// <summary>DaemonSets replace one pod after the other, and count the changes of their template in an annotation.</summary>
internal sealed class DaemonSetStrategy() : WorkloadStrategy("DaemonSet", "daemonset")
{
    private const string TemplateGeneration = "deprecated.daemonset.template.generation";

    protected override bool SaysInvalid => false;

    public override void PrepareForCreate(JsonMap value)
    {
        base.PrepareForCreate(value);
        value.Ensure("metadata").Ensure("annotations")[TemplateGeneration] = "1";
    }

    public override void PrepareForUpdate(JsonMap value, JsonMap old)
    {
        var before = old.Map("metadata", "annotations")?.Text(TemplateGeneration);
        if (!long.TryParse(before, NumberStyles.None, CultureInfo.InvariantCulture, out var count)) count = 1;
        // What is compared has the same defaults on both sides.
        var next = JsonValues.Copy(value);
        Default(next);
        if (!JsonValues.Same(next.Map("spec")?.At("template"), old.Map("spec")?.At("template"))) count++;
        value.Ensure("metadata").Ensure("annotations")[TemplateGeneration] = count.ToString(CultureInfo.InvariantCulture);
    }

    public override void Default(JsonMap value)
    {
        var update = value.Ensure("spec").Ensure("updateStrategy");
        update.TryAdd("type", "RollingUpdate");
        var rolling = update.Text("type") == "RollingUpdate" ? update.Ensure("rollingUpdate") : update.Map("rollingUpdate");
        rolling?.TryAdd("maxUnavailable", 1L);
        rolling?.TryAdd("maxSurge", 0L);
        base.Default(value);
    }

    protected override void Check(Spot spec)
    {
        spec.NotNegative("revisionHistoryLimit");
        if (spec.Map("updateStrategy") is not { } update) return;
        if (update.Text("type") is not ("RollingUpdate" or "OnDelete"))
            spec.Errors.Add(FieldError.NotSupported(update.Path, Shown(update), ["RollingUpdate", "OnDelete"]));
        if (update.Text("type") != "RollingUpdate" || update.Map("rollingUpdate") is not { } rolling) return;
        var (unavailable, surge) = (rolling.Value.At("maxUnavailable"), rolling.Value.At("maxSurge"));
        Shares.Check(rolling, "maxUnavailable", partOfAll: true);
        Shares.Check(rolling, "maxSurge", partOfAll: true);
        if (!Shares.IsZero(unavailable) && !Shares.IsZero(surge)) rolling.Invalid("maxSurge", surge, "may not be set when maxUnavailable is non-zero");
        if (Shares.IsZero(unavailable) && Shares.IsZero(surge)) rolling.Required("maxUnavailable", "cannot be 0 when maxSurge is 0");
    }
}
