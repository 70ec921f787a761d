using Slipway.Api.ModelDeployments;
using Slipway.Runtimes.Objects;

namespace Slipway.Runtimes.Kaito;

/// <summary>What a deployment comes to on KAITO: asked in one place by what refuses, what renders and what reads.</summary>
/// <param name="Deployment">The effective deployment.</param>
/// <param name="Options">How KAITO is installed.</param>
internal sealed record KaitoPlan(ModelDeployment Deployment, KaitoOptions Options)
{
    public ModelDeploymentSpec Spec => Deployment.Spec;

    /// <summary>Whether one of KAITO's own vLLM pods serves it, instead of a pod that we write.</summary>
    public bool IsPreset => Spec.Engine?.Type is not EngineType.LlamaCpp;

    public int Replicas => Spec.Scaling?.Replicas ?? 1;

    /// <summary>A Workspace is one replica; an InferenceSet makes a Workspace for each.</summary>
    public bool IsSet => Replicas != 1;

    public string Kind => IsSet ? InferenceSet.Kind : Workspace.Kind;

    public int Gpus => Spec.Resources?.Gpu?.Count ?? 0;

    public bool OnGpu => IsPreset || Gpus > 0;

    public string? Image => Spec.Engine?.Image ?? Spec.Image;

    /// <summary>The instance type that overrides name, or the one that KAITO makes here; nothing where it makes none.</summary>
    public string? InstanceType => OverriddenInstanceType ?? (!Options.AutoProvisioning ? null : OnGpu ? Options.GpuInstanceType : Options.CpuInstanceType);

    public string? OverriddenInstanceType => Spec.Provider?.Overrides?.Text("resource", "instanceType");

    public static RuntimeObject Workspace { get; } = new("kaito.sh", "v1beta1", "Workspace", "workspaces");

    public static RuntimeObject InferenceSet { get; } = new("kaito.sh", "v1beta1", "InferenceSet", "inferencesets");

    /// <summary>The Service of an InferenceSet, which KAITO has none for. Not the deployment's name: a Workspace's Service has that.</summary>
    public const string ServiceSuffix = "-serve";
}
