using Slipway.Api.ModelDeployments;

namespace Slipway.Runtimes.ModelServers;

/// <summary>How long a model server may take until it answers.</summary>
/// <remarks>
/// KAITO allows 15 minutes and 18 seconds for each GiB of weights, within 30 and 180 minutes. A manifest does not say how large a model is,
/// but its accelerators bound it: 80 GiB each, today's usual size, make 24 minutes. An engine that crashes is started again at once
/// whatever the budget; this is only how long a silent one is waited for.
/// </remarks>
internal static class StartupBudget
{
    private static readonly TimeSpan s_base = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan s_perAccelerator = TimeSpan.FromMinutes(24);
    private static readonly TimeSpan s_least = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan s_most = TimeSpan.FromMinutes(180);

    // Until the engine starts there is an image of 10 GB or more to pull, and perhaps a node to come.
    private static readonly TimeSpan s_before = TimeSpan.FromMinutes(15);

    /// <summary>The most that any deployment gets without asking for more.</summary>
    public static TimeSpan Longest { get; } = s_most + s_before;

    /// <summary>From the start of the engine to its first answer.</summary>
    /// <param name="deployment">The deployment; its `progressDeadlineSeconds` counts instead when given.</param>
    /// <param name="accelerators">Accelerators of one replica on all its nodes.</param>
    public static TimeSpan Startup(ModelDeployment deployment, int accelerators)
    {
        if (deployment.Spec.ProgressDeadlineSeconds is { } seconds) return TimeSpan.FromSeconds(seconds);
        var budget = s_base + s_perAccelerator * Math.Min(accelerators, 1000);
        return budget < s_least ? s_least : budget > s_most ? s_most : budget;
    }

    /// <summary>From the making of the pod to its first answer.</summary>
    /// <inheritdoc cref="Startup"/>
    public static TimeSpan Progress(ModelDeployment deployment, int accelerators) =>
        deployment.Spec.ProgressDeadlineSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : Startup(deployment, accelerators) + s_before;
}
