using System.Text.RegularExpressions;

namespace Slipway.Api.ModelDeployments;

/// <summary>The rules of `scheduling`.</summary>
internal static partial class SchedulingRules
{
    /// <summary>Looks it over.</summary>
    public static void Check(SchedulingSpec? scheduling, List<FieldError> errors)
    {
        if (scheduling?.TopologyKey is { } key && !Key().IsMatch(key))
            errors.Add(new("spec.scheduling.topologyKey", $"\"{key}\" is no label of nodes: write it as topology.kubernetes.io/rack"));
    }

    // IsQualifiedName of k8s.io/apimachinery.
    [GeneratedRegex(@"^([a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?/)?[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Key();
}
