using Slipway.ApiServer.Http;
using Slipway.ApiServer.Json;

namespace Slipway.ApiServer.Kinds.PodSpecs;

/// <summary>What may change in the spec of a pod that exists.</summary>
internal static class PodUpdateRules
{
    private const string Fixed =
        "pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`," +
        "`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)";

    public static void Check(JsonMap spec, JsonMap old, List<FieldError> errors)
    {
        foreach (var (member, words) in ((string, string)[])[("containers", "containers"), ("initContainers", "initContainers")])
        {
            if ((spec.List(member)?.Count ?? 0) == (old.List(member)?.Count ?? 0)) continue;
            errors.Add(FieldError.Forbidden("spec." + member, $"pod updates may not add or remove {words}"));
            return;
        }

        Deadline(spec, old, errors);
        var gated = old.List("schedulingGates") is { Count: > 0 };
        Gates(spec, old, errors);
        if (gated && !AddsOnly(spec.Map("nodeSelector"), old.Map("nodeSelector")))
        {
            errors.Add(FieldError.Invalid("spec.nodeSelector", spec.At("nodeSelector"), "only additions to spec.nodeSelector are allowed (no mutations or deletions)"));
            return;
        }

        if (!JsonValues.Same(Rest(spec, old, gated), Rest(old, old, gated))) errors.Add(FieldError.Forbidden("spec", Fixed));
        else if (!Tolerates(spec, old)) errors.Add(FieldError.Forbidden("spec.tolerations", "existing toleration can not be modified except its tolerationSeconds"));
    }

    private static void Deadline(JsonMap spec, JsonMap old, List<FieldError> errors)
    {
        if (old.At("activeDeadlineSeconds") is not long before) return;
        if (spec.At("activeDeadlineSeconds") is not long now)
            errors.Add(FieldError.Invalid("spec.activeDeadlineSeconds", null, "must not update from a positive integer to nil value"));
        else if (now > before) errors.Add(FieldError.Invalid("spec.activeDeadlineSeconds", now, "must be less than or equal to previous value"));
    }

    private static void Gates(JsonMap spec, JsonMap old, List<FieldError> errors)
    {
        var before = (old.List("schedulingGates")?.Maps() ?? []).Select(g => g.Text("name")).ToHashSet(StringComparer.Ordinal);
        var index = 0;
        foreach (var gate in spec.List("schedulingGates")?.Maps() ?? [])
        {
            if (!before.Contains(gate.Text("name")))
                errors.Add(FieldError.Forbidden($"spec.schedulingGates[{index}].name", $"only deletion is allowed, but found new scheduling gate '{gate.Text("name")}'"));
            index++;
        }
    }

    /// <summary>Copies a spec without what may change, so that what is left must be the same.</summary>
    private static JsonMap Rest(JsonMap spec, JsonMap old, bool gated)
    {
        var rest = JsonValues.Shallow(spec);
        foreach (var name in (string[])["activeDeadlineSeconds", "tolerations", "schedulingGates", "ephemeralContainers", "serviceAccount"]) rest.Remove(name);
        if (gated) rest.Remove("nodeSelector");
        if (spec.At("terminationGracePeriodSeconds") is 1L && old.At("terminationGracePeriodSeconds") is < 0L) rest.Remove("terminationGracePeriodSeconds");
        foreach (var member in (string[])["containers", "initContainers"])
        {
            if (spec.List(member) is not { } containers) continue;
            var bare = new JsonList(containers.Count);
            foreach (var container in containers.Maps())
            {
                var copy = JsonValues.Shallow(container);
                copy.Remove("image");
                bare.Add(copy);
            }

            rest[member] = bare;
        }

        return rest;
    }

    private static bool AddsOnly(JsonMap? now, JsonMap? before) => before is null || before.All(b => JsonValues.Same(now?.At(b.Key), b.Value));

    private static bool Tolerates(JsonMap spec, JsonMap old)
    {
        var now = (spec.List("tolerations")?.Maps() ?? []).Select(Bare).ToList();
        return (old.List("tolerations")?.Maps() ?? []).Select(Bare).All(b => now.Exists(n => JsonValues.Same(n, b)));
    }

    private static JsonMap Bare(JsonMap toleration)
    {
        var bare = JsonValues.Shallow(toleration);
        bare.Remove("tolerationSeconds");
        return bare;
    }
}
