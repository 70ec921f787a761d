using System.Runtime.InteropServices;

namespace Slipway.Operator.Load;

/// <summary>How busy a deployment was at a moment, what it did since the one before, and what it cost; what is not known is null.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct LoadSample
{
    /// <summary>Requests that its engines work on.</summary>
    public double? Running { get; init; }

    /// <summary>Requests that wait in them.</summary>
    public double? Waiting { get; init; }

    /// <summary>The share of their key-value caches that is in use, 0 to 1.</summary>
    public double? CacheUse { get; init; }

    /// <summary>What it costs an hour.</summary>
    public double? PerHour { get; init; }

    /// <summary>Requests that were answered, a second.</summary>
    public double? Requests { get; init; }

    /// <summary>Tokens of prompts, a second.</summary>
    public double? TokensIn { get; init; }

    /// <summary>Tokens of answers, a second.</summary>
    public double? TokensOut { get; init; }

    /// <summary>The mean time to the first token, seconds.</summary>
    public double? FirstToken { get; init; }

    /// <summary>The mean time between tokens, seconds.</summary>
    public double? BetweenTokens { get; init; }

    /// <summary>How many values there are.</summary>
    internal const int Count = 9;

    internal double? this[int index] => index switch
    {
        0 => Running,
        1 => Waiting,
        2 => CacheUse,
        3 => PerHour,
        4 => Requests,
        5 => TokensIn,
        6 => TokensOut,
        7 => FirstToken,
        _ => BetweenTokens,
    };

    internal static LoadSample Of(Func<int, double?> value) => new()
    {
        Running = value(0),
        Waiting = value(1),
        CacheUse = value(2),
        PerHour = value(3),
        Requests = value(4),
        TokensIn = value(5),
        TokensOut = value(6),
        FirstToken = value(7),
        BetweenTokens = value(8),
    };
}

/// <summary>The same of a stretch of time.</summary>
/// <param name="Start">When it begins.</param>
/// <param name="Length">How long it is.</param>
/// <param name="Mean">The mean of each.</param>
/// <param name="Peak">The largest of each.</param>
public sealed record LoadPoint(DateTimeOffset Start, TimeSpan Length, LoadSample Mean, LoadSample Peak);
