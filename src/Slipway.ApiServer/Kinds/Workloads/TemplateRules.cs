using Slipway.ApiServer.Admission;
using Slipway.ApiServer.Admission.Validation;
using Slipway.ApiServer.Json;
using Slipway.ApiServer.Kinds.PodSpecs;

namespace Slipway.ApiServer.Kinds.Workloads;

/// <summary>The rules of pod templates and of the selectors that must choose their pods.</summary>
internal static class TemplateRules
{
    private const string Mismatch = "`selector` does not match template `labels`";

    /// <summary>Checks a template, unless it is as it was.</summary>
    public static void Check(Spot owner, JsonMap? before, JsonList? claims = null)
    {
        if (owner.Map("template") is not { } template || JsonValues.Same(before?.At("template"), template.Value)) return;
        foreach (var (key, value) in template.Value.Map("metadata", "labels") ?? [])
        {
            foreach (var fault in Names.QualifiedNameFaults(key)) template.Invalid("labels", key, fault);
            if (value is string text && Names.LabelValueFault(text) is { } wrong) template.Invalid("labels", text, wrong);
        }

        if (template.Value.Map("spec") is { } spec) PodSpecRules.Check(spec, template.Of("spec"), owner.Errors, claims);
    }

    /// <summary>Checks that pods are to run for ever, as they must where a controller replaces what ends.</summary>
    public static void RunForEver(Spot owner, string kind)
    {
        if (owner.Map("template")?.Map("spec") is not { } spec) return;
        if (spec.Text("restartPolicy") is not "Always" and var policy) spec.NotSupported("restartPolicy", policy, "Always");
        if (spec.Has("activeDeadlineSeconds")) spec.Forbidden("activeDeadlineSeconds", $"activeDeadlineSeconds in {kind} is not Supported");
    }

    /// <summary>Checks a selector by labels and expressions against the template's labels.</summary>
    public static void Selects(Spot owner, string kind, bool saysInvalid)
    {
        var selector = owner.Value.Map("selector");
        var faults = owner.Errors.Count;
        SelectorChecks.Check(selector, owner.Of("selector"), owner.Errors);
        if (owner.Errors.Count > faults)
        {
            if (saysInvalid) owner.Invalid("selector", selector, "invalid label selector");
            return;
        }

        if (selector is not null && ObjectSelector.Read(selector).IsEmpty)
        {
            owner.Invalid("selector", selector, $"empty selector is invalid for {kind}");
            return;
        }

        if (owner.Map("template") is { } template && (selector is null || !ObjectSelector.Read(selector).Matches(ObjectSelector.LabelsOf(template.Value)))) Mismatched(owner);
    }

    public static void Mismatched(Spot owner) =>
        owner.Invalid("template.metadata.labels", owner.Value.Map("template", "metadata")?.At("labels"), Mismatch);
}
