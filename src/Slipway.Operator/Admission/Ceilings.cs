using System.Globalization;
using Slipway.Api.ModelDeployments;

namespace Slipway.Operator.Admission;

/// <summary>How much one deployment may ask for; no limit where null.</summary>
/// <param name="Replicas">The most replicas, prefill and decode workers together, as far as autoscaling may go.</param>
/// <param name="Gpus">The most accelerators of all of them together.</param>
public sealed record Ceilings(int? Replicas = null, int? Gpus = null)
{
    /// <summary>No limits.</summary>
    public static Ceilings None { get; } = new();

    /// <summary>Holds a deployment against them.</summary>
    /// <param name="deployment">The deployment; accelerators that it leaves open count once they are known.</param>
    /// <returns>What is over.</returns>
    public IEnumerable<FieldError> Check(ModelDeployment deployment)
    {
        ArgumentNullException.ThrowIfNull(deployment);
        var spec = deployment.Spec;
        var apart = spec.Serving?.Mode is ServingMode.Disaggregated;
        var (prefill, decode) = (spec.Scaling?.Prefill, spec.Scaling?.Decode);
        var single = Math.Max(spec.Scaling?.Replicas ?? 1, spec.Scaling?.Autoscaling?.MaxReplicas ?? 0);
        var replicas = apart ? (long)(prefill?.Replicas ?? 1) + (decode?.Replicas ?? 1) : single;
        var path = apart ? "spec.scaling" : spec.Scaling?.Autoscaling is null ? "spec.scaling.replicas" : "spec.scaling.autoscaling.maxReplicas";
        if (CheckReplicas(path, replicas) is { } over) yield return over;
        var gpus = apart ? Of(prefill) + Of(decode) : (Int128)single * (spec.Resources?.Devices() ?? 0) * (spec.Resources?.Nodes ?? 1);
        if (gpus > Gpus) yield return Over(apart ? "spec.scaling" : spec.Resources?.Accelerators is null ? "spec.resources.gpu.count" : "spec.resources.accelerators.count", "accelerators in all", gpus, Gpus.Value);
    }

    /// <summary>Holds a number of replicas against them.</summary>
    /// <param name="path">The field that asks for them.</param>
    /// <param name="replicas">How many.</param>
    /// <returns>What is over; null when nothing is.</returns>
    internal FieldError? CheckReplicas(string path, long replicas) => replicas > Replicas ? Over(path, "replicas", replicas, Replicas.Value) : null;

    // Three numbers of 32 bits do not fit into 64.
    private static Int128 Of(WorkerSpec? worker) => (Int128)(worker?.Replicas ?? 1) * (worker?.Devices() ?? 0) * (worker?.Nodes ?? 1);

    private static FieldError Over(string path, string what, Int128 asked, int most) => new(
        path, string.Create(CultureInfo.InvariantCulture, $"asks for {asked} {what}, and this cluster allows {most} for one deployment: ask for less, or ask whoever runs Slipway here to allow more"));
}
