using Slipway.Api.ModelDeployments;
using Slipway.Runtimes.Engines;
using Slipway.Runtimes.Objects;
using Slipway.Runtimes.Queues;

namespace Slipway.Runtimes.Kaito;

/// <summary>The fields of a deployment that KAITO does not honour, whichever way it serves the model.</summary>
internal static class KaitoFields
{
    /// <summary>Where overrides may reach: written for a Workspace, and put into the template when there is an InferenceSet.</summary>
    /// <remarks>`kaito.sh/enablelb` is not among the annotations: it gives the model a public address.</remarks>
    public static IReadOnlyList<string> Overridable { get; } =
    [
        "resource.instanceType",
        "resource.labelSelector",
        "resource.partition",
        "inference.preset.presetOptions",
        "metadata.annotations.kaito.sh/bypass-resource-checks",
        "metadata.annotations.kaito.sh/disable-benchmark",
        "metadata.annotations.kaito.sh/node-class-name",
        "metadata.annotations.kaito.sh/node-image-family",
        "metadata.annotations.kaito.sh/performance-mode",
        "metadata.annotations.kaito.sh/use-local-weights",
    ];

    public static IReadOnlyList<UnsupportedField> Unsupported(KaitoPlan plan)
    {
        var (spec, fields) = (plan.Spec, new List<UnsupportedField>());

        void Refuse(bool given, string path, string why)
        {
            if (given) fields.Add(new UnsupportedField(path, why, Blocking: true));
        }

        void Ignore(bool given, string path, string why)
        {
            if (given) fields.Add(new UnsupportedField(path, why, Blocking: false));
        }

        var name = plan.Deployment.Metadata.Name ?? "";
        var longest = LongestName(plan);
        Refuse(name.Length > longest, "metadata.name", $"has {name.Length} characters: KAITO names StatefulSets and Services after it, for which {longest} will do");
        Refuse(name.Length > 0 && !char.IsAsciiLetterLower(name[0]), "metadata.name", "must begin with a letter: KAITO names a Service after it");
        Refuse(spec.Serving?.Mode is ServingMode.Disaggregated, "spec.serving.mode", "KAITO splits prefill and decode only behind a feature gate that is off: choose dynamo or llmd");
        Refuse(spec.Scaling?.Autoscaling is not null, "spec.scaling.autoscaling", "not on this runtime: set spec.scaling.replicas, or choose one that scales by load");
        Refuse(spec.Resources?.Nodes is > 1, "spec.resources.nodes", "KAITO chooses the number of nodes by the model's size: leave it out");
        Refuse(spec.Resources?.Accelerators is not null, "spec.resources.accelerators", "KAITO knows no claims of devices: choose nodes with spec.nodeSelector and ask with spec.resources.gpu, or choose vllm, llmd, dynamo or kuberay");
        Refuse(spec.Scheduling?.Gang is GangPolicy.Required, "spec.scheduling.gang", "KAITO has pods scheduled one by one: leave it out, or choose vllm or llmd");
        Ignore(spec.Scheduling?.Gang is GangPolicy.Never, "spec.scheduling.gang", "KAITO has pods scheduled one by one in any case");
        Refuse(spec.Scheduling?.TopologyKey is not null, "spec.scheduling.topologyKey", "KAITO replaces the pods' affinity by one of its own: choose their nodes with spec.nodeSelector");
        Refuse(spec.Affinity is not null, "spec.affinity", "KAITO replaces it by one of its own: say it with spec.nodeSelector");
        Ignore(spec.Scaling is { Prefill: not null } or { Decode: not null }, "spec.scaling.prefill/decode", "count only in disaggregated mode");
        Instances(plan, fields);
        fields.AddRange(plan.IsPreset ? PresetFields.Unsupported(plan) : LlamaFields.Unsupported(plan));
        fields.AddRange(EngineFlags.Reserved(plan.Deployment, "address"));
        fields.AddRange(KueueQueue.Refused(plan.Deployment, "KAITO makes objects of its own, which Kueue would not know: choose vllm, llmd, kuberay or dynamo, or leave it out"));
        fields.AddRange(Overrides.Refused(plan.Deployment, Overridable));
        return fields;
    }

    // The label `controller-revision-hash` of a StatefulSet's pods holds its name, a dash and up to 10 more, of at most 63 (kubernetes#64023);
    // an InferenceSet adds a dash and 5 characters to its own name for each Workspace (pkg/utils/inferenceset of KAITO v0.12.0).
    private static int LongestName(KaitoPlan plan) => plan.IsSet ? 63 - 11 - 6 : 63 - 11;

    private static void Instances(KaitoPlan plan, List<UnsupportedField> fields)
    {
        if (!plan.Options.AutoProvisioning)
        {
            if (plan.OverriddenInstanceType is not null)
                fields.Add(new("spec.provider.overrides.resource.instanceType", "KAITO makes no nodes in this cluster: choose among those that are there with spec.nodeSelector", true));
            if (plan.IsPreset)
                fields.Add(new("spec.resources.gpu.count", "a pod of KAITO takes every GPU of its node: choose nodes that have as many with spec.nodeSelector", false));
            return;
        }

        if (plan.InstanceType is not { } type)
        {
            fields.Add(new("spec.provider", $"KAITO makes nodes in this cluster and has to be told which, for models on {(plan.OnGpu ? "GPUs" : "processors")}: set it in overrides.resource.instanceType", true));
            return;
        }

        var known = KaitoInstances.Find(type);
        if (plan.IsPreset && known is { IsNvidia: false })
            fields.Add(new("spec.provider", $"{type} has {known.Accelerator}, and KAITO's presets need NVIDIA GPUs: set another overrides.resource.instanceType", true));
        if (!plan.OnGpu || plan.Gpus == known?.Count) return;
        fields.Add(known is null
            ? new("spec.resources.gpu.count", $"a pod of KAITO takes every GPU of its node, and how many {type} has is not known here", false)
            : new("spec.resources.gpu.count", $"a pod of KAITO takes every GPU of its node, and {type} has {known.Count}: ask for {known.Count}, or set another overrides.resource.instanceType", plan.IsPreset || plan.Gpus > known.Count));
    }
}
