using Slipway.Api.ModelDeployments;

namespace Slipway.Operator.ModelDeployments;

/// <summary>The deployment that a runtime is shown: what was chosen, and what is derived, filled in where the manifest leaves it open.</summary>
internal static class Effective
{
    /// <summary>Accelerators for a model whose needs are not known.</summary>
    /// <remarks>One: it is what the shared API fills in when an engine is named, and most models that people try first fit on one.</remarks>
    public const int DefaultGpus = 1;

    /// <summary>Fills in the engine and the accelerators of a replica.</summary>
    /// <param name="deployment">The deployment.</param>
    /// <param name="engine">The engine that was chosen.</param>
    /// <param name="gpus">Whether the runtime gives this engine accelerators.</param>
    /// <param name="sized">Accelerators that the model needs, where it is known.</param>
    /// <returns>The effective deployment.</returns>
    public static ModelDeployment Of(ModelDeployment deployment, EngineType engine, bool gpus, int? sized)
    {
        var spec = deployment.Spec with { Engine = (deployment.Spec.Engine ?? new EngineSpec()) with { Type = engine } };
        if (gpus && engine is not EngineType.LlamaCpp && LeavesGpusOpen(deployment))
        {
            var resources = spec.Resources ?? new ResourcesSpec();
            var count = Product(spec.Parallelism) ?? sized ?? DefaultGpus;
            spec = spec with
            {
                Resources = resources.Accelerators is { } asked ? resources with { Accelerators = asked with { Count = count } } : resources with { Gpu = (resources.Gpu ?? new GpuSpec()) with { Count = count } },
            };
        }

        return deployment with { Spec = spec };
    }

    /// <summary>Whether the manifest leaves the number of accelerators open.</summary>
    public static bool LeavesGpusOpen(ModelDeployment deployment) =>
        deployment.Spec.Resources?.Devices() is null && deployment.Spec.Serving?.Mode is not ServingMode.Disaggregated;

    /// <summary>Whether a number would be filled in that the manifest does not imply.</summary>
    /// <remarks>A claim of the user's own has the devices that it has.</remarks>
    public static bool IsSized(ModelDeployment deployment) =>
        LeavesGpusOpen(deployment) && Product(deployment.Spec.Parallelism) is null && deployment.Spec.Resources?.Accelerators?.ResourceClaimName is null;

    // Whoever says how the work is divided has said among how many.
    private static int? Product(ParallelismSpec? parallelism) =>
        parallelism is { } p && (p.Tensor ?? p.Pipeline ?? p.Data) is not null ? (p.Tensor ?? 1) * (p.Pipeline ?? 1) * (p.Data ?? 1) : null;
}
