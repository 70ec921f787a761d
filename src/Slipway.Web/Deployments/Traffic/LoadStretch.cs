namespace Slipway.Web.Deployments.Traffic;

/// <summary>How busy a deployment's engines were in a stretch of time, by their own metrics, and what it cost; what is not known is null.</summary>
public sealed record LoadStretch
{
    /// <summary>When it begins.</summary>
    public required DateTimeOffset Start { get; init; }

    /// <summary>How long it is, seconds.</summary>
    public required double Seconds { get; init; }

    /// <summary>Requests that waited in the engines, the mean.</summary>
    public double? Waiting { get; init; }

    /// <summary>Most requests that waited at a time.</summary>
    public double? PeakWaiting { get; init; }

    /// <summary>The share of the key-value caches that was in use, 0 to 1, the mean.</summary>
    public double? CacheUse { get; init; }

    /// <summary>The largest share.</summary>
    public double? PeakCacheUse { get; init; }

    /// <summary>What it cost an hour, in the currency of the nodes' prices.</summary>
    public double? PerHour { get; init; }

    /// <summary>Requests that the engines answered, a second; null where they do not count.</summary>
    public double? Requests { get; init; }

    /// <summary>Tokens of prompts, a second.</summary>
    public double? TokensIn { get; init; }

    /// <summary>Tokens of answers, a second.</summary>
    public double? TokensOut { get; init; }

    /// <summary>The mean time to the first token, seconds.</summary>
    public double? FirstToken { get; init; }

    /// <summary>The mean time between tokens, seconds.</summary>
    public double? BetweenTokens { get; init; }
}
