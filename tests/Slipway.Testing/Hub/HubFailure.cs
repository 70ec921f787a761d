namespace Slipway.Testing.Hub;

/// <summary>Which of the hub's doors a request came to.</summary>
public enum HubDoor
{
    /// <summary><c>/api/models/{id}/revision/{revision}</c>.</summary>
    Revision,

    /// <summary><c>/api/models/{id}/tree/{revision}</c>.</summary>
    Tree,

    /// <summary><c>/{id}/resolve/{revision}/{file}</c>.</summary>
    Resolve,

    /// <summary>The second server, where the bytes of LFS files are.</summary>
    Cdn,
}

/// <summary>A request that the hub has seen.</summary>
public sealed record HubCall(HubDoor Door, string Method, string Path, string? Range, string? Authorization, string? UserAgent);

/// <summary>A failure to order from a <see cref="FakeHub"/>.</summary>
public sealed record HubFailure
{
    /// <summary>Status to answer with instead of the truth.</summary>
    public int? StatusCode { get; private init; }

    public string? ErrorCode { get; private init; }

    public TimeSpan? RetryAfter { get; private init; }

    /// <summary>Bytes of the body after which the connection is cut.</summary>
    public long? DropAfter { get; private init; }

    /// <summary>Whether one byte of the content is changed.</summary>
    public bool Damage { get; private init; }

    /// <summary>Bytes that are missing at the end of the content, honestly announced.</summary>
    public long Missing { get; private init; }

    /// <summary>Whether the range of the request is ignored.</summary>
    public bool IgnoreRange { get; private init; }

    /// <summary>The answer waits for this.</summary>
    public Task? Until { get; private init; }

    /// <summary>A status, with the header <c>X-Error-Code</c> and <c>Retry-After</c> if given.</summary>
    public static HubFailure Status(int status, string? errorCode = null, TimeSpan? retryAfter = null) =>
        new() { StatusCode = status, ErrorCode = errorCode, RetryAfter = retryAfter };

    /// <summary>The connection is cut after so many bytes of the body.</summary>
    public static HubFailure Drop(long afterBytes) => new() { DropAfter = afterBytes };

    /// <summary>One byte of the content is wrong.</summary>
    public static HubFailure WrongBytes() => new() { Damage = true };

    /// <summary>The server's copy is shorter than the listing says.</summary>
    public static HubFailure Truncate(long missing) => new() { Missing = missing };

    /// <summary>The whole file is sent although a range was asked.</summary>
    public static HubFailure NoRanges() => new() { IgnoreRange = true };

    /// <summary>Nothing is sent before the task ends.</summary>
    public static HubFailure Silent(Task until) => new() { Until = until };
}
