using System.Text.Json.Nodes;
using Slipway.Api.ModelDeployments;
using Slipway.Runtimes.Accelerators;
using Slipway.Runtimes.Engines;

namespace Slipway.Runtimes.ModelServers;

/// <summary>Model servers of one kind in a deployment: all of them, or those for prefill or decode.</summary>
internal sealed record ServerRole
{
    /// <summary>What they are for, as <see cref="ServerNames.ComponentLabel"/> says it.</summary>
    public required string Component { get; init; }

    /// <summary>The role for people, before "replicas"; empty when there is but one role.</summary>
    public string Title { get; init; } = "";

    /// <summary>The engine's image.</summary>
    public required string Image { get; init; }

    /// <summary>How many; null when an autoscaler says so.</summary>
    public required int? Replicas { get; init; }

    /// <summary>Accelerators of each node of one.</summary>
    public required Demand Demand { get; init; }

    /// <summary>How many, and which extended resource stands for them, whether or not they are claimed.</summary>
    public GpuSpec? Gpu => Demand.Gpu;

    /// <summary>Memory on each node of one.</summary>
    public string? Memory { get; init; }

    /// <summary>Processors on each node of one.</summary>
    public string? Cpu { get; init; }

    /// <summary>How many nodes one spans.</summary>
    public int Nodes { get; init; } = 1;

    /// <summary>The port on which the engine answers; another one than the Service's where a proxy stands before it.</summary>
    public int Port { get; init; } = ServerNames.Port;

    /// <summary>More flags of the engine than the deployment's.</summary>
    public IReadOnlyList<EngineFlag> Flags { get; init; } = [];

    /// <summary>More environment variables, unless the user sets them.</summary>
    public IReadOnlyList<JsonObject> Env { get; init; } = [];

    /// <summary>More named ports of the engine's container.</summary>
    public IReadOnlyList<(string Name, int Number)> Ports { get; init; } = [];

    /// <summary>Labels of every pod.</summary>
    public IReadOnlyList<(string Key, string Value)> Labels { get; init; } = [];

    /// <summary>Labels of the pods that answer requests; where a replica spans nodes, that is its first.</summary>
    public IReadOnlyList<(string Key, string Value)> ServingLabels { get; init; } = [];

    /// <summary>A container that runs beside the engine in the pods that answer requests.</summary>
    public JsonObject? Sidecar { get; init; }

    /// <summary>Whether the pods of one replica are to start together.</summary>
    public GangPolicy? Gang { get; init; }

    /// <summary>A label of nodes that has one value for all pods of one replica.</summary>
    public string? TopologyKey { get; init; }

    /// <summary>The template of a claim that all pods of one replica share.</summary>
    public string? SharedClaim => SpansNodes ? Demand.SharedTemplate : null;

    /// <summary>Accelerators of one replica on all its nodes together.</summary>
    public int Accelerators => (Gpu?.Count ?? 0) * Nodes;

    /// <summary>Whether one replica is several pods.</summary>
    public bool SpansNodes => Nodes > 1;

    /// <summary>The kind that runs it.</summary>
    public RuntimeObject Kind => SpansNodes ? ServerKinds.LeaderWorkerSet : ServerKinds.Deployment;
}
