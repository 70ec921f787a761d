using System.Runtime.InteropServices;
using Slipway.Evaluation.Chat;

namespace Slipway.Evaluation.Grading.Logprobs;

/// <summary>How two deployments foretell the same token after the same text.</summary>
/// <param name="Divergence">The Kullback-Leibler divergence of the candidate's foretelling from that of the model as it is, nats: a lower bound, since only the likeliest tokens are known.</param>
/// <param name="Agree">Whether both hold the same token likeliest.</param>
/// <param name="BaselineSurprise">Minus the logarithm of the token's probability with the model as it is.</param>
/// <param name="CandidateSurprise">The same with the candidate; at least so much where the token is not among its likeliest.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct NextToken(double Divergence, bool Agree, double BaselineSurprise, double CandidateSurprise)
{
    // Engines round; what is left of all probability is no less than this.
    private const double Least = 1e-9;

    /// <summary>Compares.</summary>
    /// <param name="baseline">The token that the model as it is wrote, with its likeliest ones.</param>
    /// <param name="candidate">What the candidate holds likeliest in its place.</param>
    /// <returns>The comparison; null where one of them did not give its likeliest tokens.</returns>
    public static NextToken? Of(TokenLogprob baseline, TokenLogprob candidate)
    {
        ArgumentNullException.ThrowIfNull(baseline);
        ArgumentNullException.ThrowIfNull(candidate);
        var (p, q) = (Known(baseline), Known(candidate));
        if (p.Count == 0 || q.Count == 0) return null;
        var (written, last) = (Key(baseline), q.Values.Min());
        return new NextToken(
            Nats(p, q), p.MaxBy(static t => t.Value).Key == q.MaxBy(static t => t.Value).Key, -Perplexity.Checked(baseline.Logprob), -Math.Log(Math.Max(Least, q.TryGetValue(written, out var known) ? known : last)));
    }

    /// <summary>What tells a token from others.</summary>
    /// <param name="token">The token.</param>
    public static string Key(TokenLogprob token)
    {
        ArgumentNullException.ThrowIfNull(token);
        return Key(token.Token, token.Id);
    }

    private static string Key(string text, long? id) => id is { } number ? FormattableString.Invariant($"#{number}") : text;

    private static Dictionary<string, double> Known(TokenLogprob token)
    {
        var known = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var (i, (text, logprob)) in token.Top.Index()) known.TryAdd(Key(text, token.TopIds.IsEmpty ? null : token.TopIds[i]), Math.Exp(Perplexity.Checked(logprob)));
        if (known.Count > 0) known.TryAdd(Key(token), Math.Exp(Perplexity.Checked(token.Logprob)));
        return known;
    }

    // Of tokens that both name, of those that only the model as it is names, and of all others: to put tokens together makes a divergence no larger. How likely the second are with the candidate is not known,
    // but for this: each at most as the last that it names, and all at most what is left. The least that can be is taken.
    private static double Nats(Dictionary<string, double> p, Dictionary<string, double> q)
    {
        var (sum, mine, both, theirs) = (0.0, 0.0, 0.0, 0.0);
        var alone = 0;
        foreach (var (token, probability) in p)
        {
            if (!q.TryGetValue(token, out var other))
            {
                (mine, alone) = (mine + probability, alone + 1);
                continue;
            }

            (both, theirs) = (both + probability, theirs + other);
            sum += Part(probability, other);
        }

        var (rest, left) = (Math.Max(0, 1 - both - mine), Math.Max(Least, 1 - theirs));
        if (alone == 0) return Math.Max(0, sum + Part(rest, left));
        var most = Math.Max(Least, Math.Min(alone * q.Values.Min(), Math.Max(0, 1 - q.Values.Sum())));
        var share = Math.Min(most, mine + rest > 0 ? left * mine / (mine + rest) : most);
        return Math.Max(0, sum + Part(mine, share) + Part(rest, Math.Max(Least, left - share)));
    }

    private static double Part(double p, double q) => p <= 0 ? 0 : p * Math.Log(p / Math.Max(Least, q));
}
