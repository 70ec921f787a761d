using System.Text.Json;
using Slipway.Runtimes.Objects;

namespace Slipway.Runtimes.Gangs;

/// <summary>Whether a cluster starts pods together.</summary>
/// <param name="Dialect">How it is said; null where it does not.</param>
/// <param name="Why">Why not, and what to do about it; empty where it does.</param>
public sealed record GangSupport(GangDialect? Dialect, string Why)
{
    /// <summary>A cluster that was not asked yet.</summary>
    public static GangSupport NotAsked { get; } = new(null, "what the cluster can was not found out yet");

    /// <summary>The kind of a gang.</summary>
    public static RuntimeObject Group => GangObjects.PodGroupKind;

    /// <summary>The fields of a gang behind further feature gates that the cluster keeps.</summary>
    public GangFields Fields { get; init; }

    /// <summary>
    /// What the gangs of the deployment were made with, as <see cref="Mark"/> has it; null where it has none. Pods that name their gang go on to do so
    /// when the cluster has gangs no longer, since another template would restart them.
    /// </summary>
    public string? Made { get; init; }

    /// <summary>Whether the pods of a workload name a gang.</summary>
    /// <param name="workload">A workload that a runtime rendered, as the API has it.</param>
    public static bool IsGang(JsonElement workload) => Mark(workload) is not null;

    /// <summary>What the gang of a workload was made with.</summary>
    /// <param name="workload">A workload that a runtime rendered, as the API has it.</param>
    /// <returns>The mark; null where it is no gang.</returns>
    public static string? Mark(JsonElement workload) => workload.Text("metadata", "annotations", GangObjects.Annotation);
}
