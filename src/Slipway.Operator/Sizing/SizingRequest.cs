using System.IO.Hashing;
using System.Text;
using Slipway.Api.Meta;
using Slipway.Api.ModelDeployments;
using Slipway.Api.ModelDeployments.Accelerators;
using Slipway.Models.Memory;
using Slipway.Models.Profiles;
using Slipway.Models.Store;
using Slipway.Operator.ModelDeployments;
using Slipway.Runtimes.Accelerators;

namespace Slipway.Operator.Sizing;

/// <summary>What a deployment says that decides how many accelerators it needs.</summary>
/// <param name="Model">The model's files.</param>
public sealed record SizingRequest(ModelRequest Model)
{
    /// <summary>The extended resource of a NVIDIA GPU, which the shared API takes when none is named.</summary>
    public const string DefaultResource = "nvidia.com/gpu";

    /// <summary>The engine, with what was set of it.</summary>
    public EngineSettings Engine { get; init; } = new();

    /// <summary>Tokens of the longest sequence; the model's own length when absent, since vLLM does not start without room for one of these.</summary>
    public long? ContextTokens { get; init; }

    /// <summary>How keys and values are stored.</summary>
    public KvCacheType Cache { get; init; } = KvCacheType.Bits16;

    /// <summary>The extended resource that stands for the accelerators.</summary>
    public string Resource { get; init; } = DefaultResource;

    /// <summary>The spec of the ResourceClaim by which devices are asked for, as JSON; null where the resource stands for them.</summary>
    public string? Claim { get; init; }

    /// <summary>The least memory of a device that the claim asks for, bytes: what is taken for granted where no device is seen.</summary>
    public long? LeastMemoryBytes { get; init; }

    /// <summary>The field that says how many.</summary>
    public string CountField { get; init; } = "spec.resources.gpu.count";

    /// <summary>Labels that nodes must have.</summary>
    public IReadOnlyDictionary<string, string> NodeSelector { get; init; } = new Dictionary<string, string>();

    /// <summary>Nodes of a replica, each with its stage of the layers.</summary>
    public int Nodes { get; init; } = 1;

    /// <summary>A digest of all of it.</summary>
    public string Basis
    {
        get
        {
            var nodes = string.Join(',', NodeSelector.OrderBy(l => l.Key, StringComparer.Ordinal).Select(l => $"{l.Key}={l.Value}"));
            // Field by field: a new one in a record must not change what was decided before.
            var engine = FormattableString.Invariant($"{Engine.Engine},{Engine.Share},{Engine.MaxSequences},{Engine.MaxStepTokens},{Engine.Graphs}");
            var text = FormattableString.Invariant($"{Model}|{engine}|{ContextTokens}|{Cache.Name}|{Resource}|{nodes}|{Nodes}{(Claim is null ? "" : $"|{Claim}")}");
            return XxHash64.HashToUInt64(Encoding.UTF8.GetBytes(text)).ToString("x16", System.Globalization.CultureInfo.InvariantCulture);
        }
    }

    /// <summary>Reads a deployment.</summary>
    /// <param name="deployment">The deployment.</param>
    /// <returns>The request; none where there is nothing to size: the number or the division of the work is stated, or no hub has the model.</returns>
    public static SizingRequest? Of(ModelDeployment deployment)
    {
        ArgumentNullException.ThrowIfNull(deployment);
        var spec = deployment.Spec;
        if (spec.Model is not { Id: { Length: > 0 } id, Source: null or ModelSource.HuggingFace } model) return null;
        if (!Effective.IsSized(deployment) || spec.Engine?.Type is EngineType.LlamaCpp) return null;
        var flags = new EngineFlags(spec.Engine);
        var asked = spec.Resources?.Accelerators;
        var ask = asked is null ? null : AcceleratorAsk.Of(asked);
        return new SizingRequest(new ModelRequest(id) { Revision = model.Revision, Quantization = model.Quantization, File = model.File })
        {
            Engine = flags.Settings(),
            ContextTokens = spec.Engine?.ContextLength ?? flags.Whole("max-model-len", "context-length", "max_seq_len", "max-seq-len"),
            Cache = flags.Text("kv-cache-dtype") is { } type && KvCacheType.Find(type) is { } known ? known : KvCacheType.Bits16,
            Resource = ask?.Resource ?? (spec.Resources?.Gpu?.Type is { Length: > 0 } resource ? resource : DefaultResource),
            Claim = ask?.Claim?.ToJsonString(),
            LeastMemoryBytes = asked is null ? null : Least(asked),
            CountField = asked is null ? "spec.resources.gpu.count" : "spec.resources.accelerators.count",
            NodeSelector = spec.NodeSelector ?? new Dictionary<string, string>(),
            Nodes = spec.Resources?.Nodes ?? 1,
        };
    }

    // What the scheduler chooses is not known yet: every alternative has at least this.
    private static long? Least(AcceleratorsSpec asked) =>
        asked.FirstAvailable is { Count: > 0 } alternatives ? alternatives.Min(a => Bytes(a.MinMemory ?? asked.MinMemory) ?? 0) is > 0 and var least ? least : null : Bytes(asked.MinMemory);

    private static long? Bytes(Quantity? memory) => memory?.Amount() is > 0 and < long.MaxValue and var amount ? (long)amount : null;
}
