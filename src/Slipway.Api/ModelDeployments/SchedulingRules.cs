using System.Text.RegularExpressions;

namespace Slipway.Api.ModelDeployments;

/// <summary>The rules of `scheduling`.</summary>
internal static partial class SchedulingRules
{
    /// <summary>Looks it over.</summary>
    public static void Check(SchedulingSpec? scheduling, List<FieldError> errors)
    {
        // It becomes a label's value, which is shorter than a name may be.
        if (scheduling?.QueueName is { } queue && (queue.Length > 63 || !Name().IsMatch(queue)))
            errors.Add(new("spec.scheduling.queueName", $"\"{queue}\" is no name of a LocalQueue: small letters, digits, '-' and '.', 63 at most"));
    }

    [GeneratedRegex("^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Name();
}
