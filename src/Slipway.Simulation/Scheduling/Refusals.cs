using System.Globalization;

namespace Slipway.Simulation.Scheduling;

/// <summary>Why nodes do not take a pod, counted, in kube-scheduler's words.</summary>
internal sealed class Refusals
{
    private readonly Dictionary<string, int> _counts = new(StringComparer.Ordinal);
    private int _nodes;

    /// <summary>Counts a node.</summary>
    /// <param name="reasons">What stands in the way there.</param>
    public void Add(params IEnumerable<string> reasons)
    {
        _nodes++;
        foreach (var reason in reasons) _counts[reason] = _counts.GetValueOrDefault(reason) + 1;
    }

    /// <summary>All of it (framework.FitError).</summary>
    public string Told()
    {
        if (_nodes == 0) return "no nodes available to schedule pods";
        // As upstream, by the text with its number in front.
        var reasons = _counts.Select(c => string.Create(CultureInfo.InvariantCulture, $"{c.Value} {c.Key}")).Order(StringComparer.Ordinal);
        return string.Create(CultureInfo.InvariantCulture, $"0/{_nodes} nodes are available: {string.Join(", ", reasons)}.");
    }
}
