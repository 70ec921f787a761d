using System.ComponentModel.DataAnnotations;
using Slipway.Api.Meta;
using Slipway.Api.Schemas;

namespace Slipway.Api.LocalEngines;

/// <summary>llama-server processes on the machine where Slipway runs: what the Local runtime renders a ModelDeployment to.</summary>
[CustomResource("slipway.dev", "v1alpha1", "LocalEngine", "localengines", "localengine", ShortNames = ["le"])]
[PrinterColumn("Model", ".spec.model.id", Description = "The model")]
[PrinterColumn("Ready", ".status.readyReplicas", Type = "integer", Description = "Processes that answer")]
[PrinterColumn("Desired", ".spec.replicas", Type = "integer", Description = "Processes wanted")]
[PrinterColumn("Age", ".metadata.creationTimestamp", Type = "date")]
[PrinterColumn("Message", ".status.message", Description = "What is going on, in words", Priority = 1)]
public sealed record LocalEngine
{
    /// <summary>The group and version of this kind.</summary>
    public const string GroupVersion = "slipway.dev/v1alpha1";

    /// <summary>The finalizer that keeps the object until its processes are gone.</summary>
    public const string Finalizer = "slipway.dev/local-engine";

    /// <summary>The API version.</summary>
    public string ApiVersion { get; init; } = GroupVersion;

    /// <summary>The kind.</summary>
    public string Kind { get; init; } = "LocalEngine";

    /// <summary>Name, namespace and the like.</summary>
    public ObjectMeta Metadata { get; init; } = new();

    /// <summary>What is wanted.</summary>
    public required LocalEngineSpec Spec { get; init; }

    /// <summary>What is; written by the machine's agent.</summary>
    public LocalEngineStatus? Status { get; init; }
}

/// <summary>What is wanted of the processes.</summary>
public sealed record LocalEngineSpec
{
    /// <summary>The model.</summary>
    public required LocalModel Model { get; init; }

    /// <summary>The name that requests give in `model`.</summary>
    public required string ServedName { get; init; }

    /// <summary>How many processes.</summary>
    [SchemaDefault(1)]
    [Range(0, 64)]
    public int? Replicas { get; init; }

    /// <summary>The longest prompt and answer together, in tokens; the model's own when absent.</summary>
    [Range(1, int.MaxValue)]
    public int? ContextLength { get; init; }

    /// <summary>Threads of one process; the machine's processors shared by the replicas when absent.</summary>
    [Range(1, 1024)]
    public int? Threads { get; init; }

    /// <summary>Flags of llama-server by name, without dashes.</summary>
    public IReadOnlyDictionary<string, string>? Args { get; init; }

    /// <summary>Further flags, passed as they are.</summary>
    public IReadOnlyList<string>? ExtraArgs { get; init; }

    /// <summary>Environment variables of the processes.</summary>
    public IReadOnlyList<EnvVar>? Env { get; init; }

    /// <summary>Another value starts the processes anew.</summary>
    public string? RestartedAt { get; init; }
}

/// <summary>Which model the processes serve.</summary>
public sealed record LocalModel
{
    /// <summary>The id in the local store or on the Hugging Face Hub.</summary>
    public required string Id { get; init; }

    /// <summary>The branch, tag or commit.</summary>
    public string? Revision { get; init; }

    /// <summary>Which quantisation, of several.</summary>
    public string? Quantization { get; init; }

    /// <summary>Which file, of several.</summary>
    public string? File { get; init; }

    /// <summary>The Secret in the same namespace whose key `HF_TOKEN` holds the access token.</summary>
    public string? TokenSecret { get; init; }
}

/// <summary>What is, of the processes.</summary>
public sealed record LocalEngineStatus
{
    /// <summary>The generation that this status speaks of.</summary>
    public long? ObservedGeneration { get; init; }

    /// <summary>How many processes answer.</summary>
    public int? ReadyReplicas { get; init; }

    /// <summary>What is going on, in words.</summary>
    public string? Message { get; init; }

    /// <summary>The processes.</summary>
    public IReadOnlyList<LocalReplica>? Replicas { get; init; }

    /// <summary>The download that is under way.</summary>
    public LocalDownload? Download { get; init; }

    /// <summary>The weights in use.</summary>
    public LocalModelFile? ModelFile { get; init; }

    /// <summary>The engine in use: its version and where it was found.</summary>
    public string? Engine { get; init; }

    /// <summary>What holds and what does not.</summary>
    [ListMap("type")]
    public IReadOnlyList<Condition>? Conditions { get; init; }
}

/// <summary>One process.</summary>
public sealed record LocalReplica
{
    /// <summary>Its number, from 0.</summary>
    public required int Index { get; init; }

    /// <summary>The loopback port that it listens on.</summary>
    public int? Port { get; init; }

    /// <summary>Its process id.</summary>
    public int? Pid { get; init; }

    /// <summary>Starting, Loading, Ready, Backoff or Stopped.</summary>
    public required string State { get; init; }

    /// <summary>How often it was started again.</summary>
    public int? Restarts { get; init; }

    /// <summary>What is wrong, in words.</summary>
    public string? Message { get; init; }
}

/// <summary>A download that is under way.</summary>
public sealed record LocalDownload
{
    /// <summary>The file.</summary>
    public string? File { get; init; }

    /// <summary>Bytes on disk.</summary>
    public long? BytesDone { get; init; }

    /// <summary>Bytes in all.</summary>
    public long? BytesTotal { get; init; }

    /// <summary>Bytes per second of late.</summary>
    public long? BytesPerSecond { get; init; }
}

/// <summary>The weights in use.</summary>
public sealed record LocalModelFile
{
    /// <summary>The file's path on the machine.</summary>
    public string? Path { get; init; }

    /// <summary>Its size in bytes.</summary>
    public long? Bytes { get; init; }

    /// <summary>The commit that it came from.</summary>
    public string? Revision { get; init; }

    /// <summary>Local, Cache or Hub.</summary>
    public string? Origin { get; init; }
}
