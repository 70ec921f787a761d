using System.ComponentModel.DataAnnotations;
using Slipway.Api.Meta;
using Slipway.Api.Schemas;

namespace Slipway.Api.Keys;

/// <summary>
/// A key by which clients ask the models of its namespace, and how much they may ask with it. The key itself is nowhere: its digest is, so that the object may lie in Git. A namespace with the annotation
/// `slipway.dev/keys: required` answers nobody without one.
/// </summary>
[CustomResource("slipway.dev", "v1alpha1", "ApiKey", "apikeys", "apikey")]
[PrinterColumn("Requests/min", ".spec.requestsPerMinute", Type = "integer", Description = "Most requests a minute")]
[PrinterColumn("Tokens/min", ".spec.tokensPerMinute", Type = "integer", Description = "Most tokens a minute")]
[PrinterColumn("Expires", ".spec.expires", Type = "string", Description = "When it ends")]
[PrinterColumn("Used", ".status.lastUsed", Type = "date", Description = "When it was last used")]
[PrinterColumn("Age", ".metadata.creationTimestamp", Type = "date")]
public sealed record ApiKey
{
    /// <summary>The group and version of this kind.</summary>
    public const string GroupVersion = "slipway.dev/v1alpha1";

    /// <summary>The annotation of a namespace that says whether its models take a key.</summary>
    public const string Annotation = "slipway.dev/keys";

    /// <summary>The annotation's value for "nobody without one".</summary>
    public const string Required = "required";

    /// <summary>The API version.</summary>
    public string ApiVersion { get; init; } = GroupVersion;

    /// <summary>The kind.</summary>
    public string Kind { get; init; } = "ApiKey";

    /// <summary>Name, namespace and the like.</summary>
    public ObjectMeta Metadata { get; init; } = new();

    /// <summary>What it opens, and how far.</summary>
    public required ApiKeySpec Spec { get; init; }

    /// <summary>What was done with it.</summary>
    public ApiKeyStatus? Status { get; init; }
}

/// <summary>What a key opens, and how far.</summary>
public sealed record ApiKeySpec
{
    /// <summary>The SHA-256 of the key's text, as `sha256:` and 64 hexadecimal digits. A key has to be drawn by chance, 128 bits at the least: of one that a person made up the digest gives it away.</summary>
    [RegularExpression("^sha256:[0-9a-f]{64}$")]
    public required string Digest { get; init; }

    /// <summary>What it is for.</summary>
    [MaxLength(500)]
    public string? Description { get; init; }

    /// <summary>The models that it opens, by the names that requests give; all of the namespace when absent.</summary>
    [MaxLength(100)]
    public IReadOnlyList<string>? Models { get; init; }

    /// <summary>Most requests a minute, spread evenly: so many at once, and then one for each share of a minute.</summary>
    [Range(1, 1_000_000)]
    public int? RequestsPerMinute { get; init; }

    /// <summary>Most tokens a minute, of prompts and answers. What a request takes is known when it is through, so that one may go over, and the next ones wait for it.</summary>
    [Range(1, 1_000_000_000)]
    public int? TokensPerMinute { get; init; }

    /// <summary>Most requests under way at one time.</summary>
    [Range(1, 100_000)]
    public int? ConcurrentRequests { get; init; }

    /// <summary>When it ends.</summary>
    public DateTimeOffset? Expires { get; init; }

    /// <summary>Whether it opens nothing for now.</summary>
    public bool? Disabled { get; init; }
}

/// <summary>What was done with a key, as far as it is written down: once in half a minute.</summary>
public sealed record ApiKeyStatus
{
    /// <summary>When a request last came with it.</summary>
    public DateTimeOffset? LastUsed { get; init; }

    /// <summary>Requests that were let in.</summary>
    public long Requests { get; init; }

    /// <summary>Requests that were over a limit.</summary>
    public long Limited { get; init; }

    /// <summary>Tokens of prompts.</summary>
    public long TokensIn { get; init; }

    /// <summary>Tokens of answers.</summary>
    public long TokensOut { get; init; }
}
