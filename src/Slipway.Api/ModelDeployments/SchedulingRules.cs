using System.Text.RegularExpressions;

namespace Slipway.Api.ModelDeployments;

/// <summary>What can be said wrong about how pods are placed.</summary>
internal static partial class SchedulingRules
{
    /// <summary>Looks it over.</summary>
    public static void Check(SchedulingSpec? scheduling, List<FieldError> errors)
    {
        if (scheduling?.TopologyKey is { } key && !Key().IsMatch(key))
            errors.Add(new("spec.scheduling.topologyKey", $"\"{key}\" is no label of nodes: write it as topology.kubernetes.io/rack"));
        // It becomes a label's value, which is shorter than a name may be.
        if (scheduling?.QueueName is { } queue && (queue.Length > 63 || !Name().IsMatch(queue)))
            errors.Add(new("spec.scheduling.queueName", $"\"{queue}\" is no name of a LocalQueue: small letters, digits, '-' and '.', 63 at most"));
    }

    // IsQualifiedName of k8s.io/apimachinery.
    [GeneratedRegex(@"^([a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?/)?[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Key();

    [GeneratedRegex("^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Name();
}
