using System.Collections.Immutable;
using Slipway.Runtimes.Gangs;

namespace Slipway.Operator.Devices;

/// <summary>What a cluster can of devices and gangs, as it was found out by trying.</summary>
/// <param name="ServerVersion">The server's version, such as `v1.36.2`; empty when it does not say.</param>
/// <param name="Claims">Whether devices can be claimed (`resource.k8s.io/v1`).</param>
/// <param name="Fields">Fields behind feature gates, each with whether the server keeps it.</param>
/// <param name="Gangs">Whether pods can be started together.</param>
public sealed record ClusterCapabilities(string ServerVersion, bool Claims, ImmutableArray<FieldSupport> Fields, GangSupport Gangs)
{
    /// <summary>The same in sentences for people.</summary>
    public IEnumerable<string> Told()
    {
        var server = ServerVersion.Length == 0 ? "the server" : $"Kubernetes {ServerVersion}";
        if (!Claims) yield return $"{server} serves no resource.k8s.io/v1: devices cannot be claimed";
        else
        {
            yield return $"{server} lets pods claim devices (resource.k8s.io/v1){Named(FieldState.Kept, ", with ")}";
            if (Named(FieldState.Dropped, "") is { Length: > 0 } dropped) yield return $"{server} drops without a word: {dropped}";
        }

        if (Fields.FirstOrDefault(f => f.State is FieldState.Unknown) is { } unknown) yield return $"whether {server} keeps {Named(FieldState.Unknown, "")} could not be tried: {unknown.Why.TrimEnd('.')}";
        yield return Gangs.Dialect is { } dialect ? $"pods of one replica start together (scheduling.k8s.io/{dialect.Version})" : $"pods of one replica do not start together: {Gangs.Why}";
    }

    private string Named(FieldState state, string before)
    {
        var names = string.Join(", ", Fields.Where(f => f.State == state).Select(f => f.Name));
        return names.Length == 0 ? "" : before + names;
    }
}

/// <summary>A field behind a feature gate.</summary>
/// <param name="Name">What it is for, with its path.</param>
/// <param name="State">Whether the server keeps it.</param>
/// <param name="Why">Why that could not be tried; empty otherwise.</param>
public sealed record FieldSupport(string Name, FieldState State, string Why = "");

/// <summary>What a server does with a field.</summary>
public enum FieldState
{
    /// <summary>It keeps it.</summary>
    Kept,

    /// <summary>It drops it, or refuses what lacks it: its feature gate is off.</summary>
    Dropped,

    /// <summary>It could not be tried.</summary>
    Unknown,
}
