namespace Slipway.Cel;

/// <summary>
/// What one evaluation may take. Steps bound its time whatever the expression does; cost counts as a Kubernetes API server counts, which
/// leaves out work that its limits on size bound.
/// </summary>
/// <param name="Steps">One for each node, each element of a comprehension, and each ten characters or so that a function reads or makes.</param>
/// <param name="Cost">In the units of <see cref="CelCostEstimate"/>.</param>
public sealed record CelLimits(long Steps, long Cost)
{
    /// <summary>
    /// A Kubernetes API server's limit for one call (k8s.io/apiserver, pkg/apis/cel), and steps that end what costs little and takes
    /// long before anybody notices.
    /// </summary>
    public static CelLimits Kubernetes { get; } = new(20_000_000, 1_000_000);
}
