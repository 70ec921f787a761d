namespace Slipway.Models.Store;

/// <summary>Why a model could not be resolved, or models not be searched.</summary>
public enum ModelErrorKind
{
    /// <summary>The id, revision or file name is not one that a hub could have.</summary>
    InvalidId,

    /// <summary>No such repository, revision or file.</summary>
    NotFound,

    /// <summary>The hub answered 401 or 403.</summary>
    GatedOrPrivate,

    /// <summary>The hub answered 429; <see cref="ModelError.RetryAfter"/> says when to come back.</summary>
    RateLimited,

    /// <summary>The hub answered 5xx, dropped the connection, or was not reached.</summary>
    HubUnavailable,

    /// <summary>The repository has no GGUF file.</summary>
    NoGgufFile,

    /// <summary>There are GGUF files, but none of the asked quantisation; the message lists what exists.</summary>
    QuantizationNotFound,

    /// <summary>A file is shorter than it must be.</summary>
    Truncated,

    /// <summary>A file is not what it should be: wrong checksum, wrong magic, contradictions in the header.</summary>
    Corrupt,

    /// <summary>Not enough disk space.</summary>
    DiskFull,

    /// <summary>A directory or file on this machine cannot be read or written.</summary>
    Unreadable,

    /// <summary>A search asks for something that no hub could answer; the message names the field.</summary>
    InvalidQuery,
}

/// <summary>Why a model could not be resolved or models not be searched, and what to do.</summary>
/// <param name="Kind">The kind, stable enough to be a condition's reason.</param>
/// <param name="Message">What happened, why, and what to do, for people. Never contains a token.</param>
/// <param name="Retryable">Whether the same request may succeed later without anyone changing anything here.</param>
/// <param name="RetryAfter">Least wait before the next try, where the hub named one.</param>
public sealed record ModelError(ModelErrorKind Kind, string Message, bool Retryable = false, TimeSpan? RetryAfter = null);
