using Slipway.Api.Keys;

namespace Slipway.Gateway.Keys;

/// <summary>What is done with a key, and how much of it is left. Kept while its object changes.</summary>
public sealed class KeyMeter
{
    private readonly Lock _lock = new();
    private readonly TimeProvider _time;
    private ApiKeySpec? _limits;
    private TokenBucket? _requestsLeft, _tokensLeft;
    private long _requests, _limited, _tokensIn, _tokensOut;
    private DateTimeOffset? _used;
    private int _running;

    /// <param name="time">The clock.</param>
    public KeyMeter(TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        _time = time;
    }

    /// <summary>What was done since the meter was made.</summary>
    public ApiKeyStatus Used
    {
        get
        {
            lock (_lock) return new ApiKeyStatus { LastUsed = _used, Requests = _requests, Limited = _limited, TokensIn = _tokensIn, TokensOut = _tokensOut };
        }
    }

    // Others than before begin full; the same go on as they are.
    internal void Limit(ApiKeySpec spec)
    {
        lock (_lock)
        {
            var now = _time.GetUtcNow().Ticks;
            if (_limits?.RequestsPerMinute != spec.RequestsPerMinute) _requestsLeft = spec.RequestsPerMinute is { } requests ? new TokenBucket(requests, now) : null;
            if (_limits?.TokensPerMinute != spec.TokensPerMinute) _tokensLeft = spec.TokensPerMinute is { } tokens ? new TokenBucket(tokens, now) : null;
            _limits = spec;
        }
    }

    /// <summary>A request begins, unless it is over a limit.</summary>
    internal KeyLimit? Enter()
    {
        lock (_lock)
        {
            var now = _time.GetUtcNow();
            _used = now;
            if (Over(now.Ticks) is { } over)
            {
                _limited++;
                return over;
            }

            _requestsLeft?.Take(1, now.Ticks);
            _requests++;
            _running++;
            return null;
        }
    }

    /// <summary>A request that began is through.</summary>
    /// <param name="tokensIn">Tokens of its prompt.</param>
    /// <param name="tokensOut">Tokens of its answer.</param>
    internal void Leave(long tokensIn, long tokensOut)
    {
        lock (_lock)
        {
            _running--;
            _tokensIn += tokensIn;
            _tokensOut += tokensOut;
            _tokensLeft?.Take(tokensIn + tokensOut, _time.GetUtcNow().Ticks);
        }
    }

    /// <summary>How much of each limit is left, for the client to go by.</summary>
    internal (int? RequestLimit, int RequestsLeft, int? TokenLimit, int TokensLeft) Left()
    {
        lock (_lock)
        {
            var now = _time.GetUtcNow().Ticks;
            return (_requestsLeft?.PerMinute, (int)Math.Max(0, _requestsLeft?.Left(now) ?? 0), _tokensLeft?.PerMinute, (int)Math.Max(0, _tokensLeft?.Left(now) ?? 0));
        }
    }

    private KeyLimit? Over(long now)
    {
        if (_limits?.ConcurrentRequests is { } most && _running >= most) return new($"{most} requests at one time", TimeSpan.FromSeconds(1));
        if (_requestsLeft is { } requests && requests.Left(now) < 1) return new($"{requests.PerMinute} requests a minute", requests.Until(1, now));
        return _tokensLeft is { } tokens && tokens.Left(now) <= 0 ? new($"{tokens.PerMinute} tokens a minute", tokens.Until(1, now)) : null;
    }
}

/// <summary>A limit that a request is over.</summary>
/// <param name="What">The limit.</param>
/// <param name="Wait">How long until it is worth another try.</param>
internal sealed record KeyLimit(string What, TimeSpan Wait);
