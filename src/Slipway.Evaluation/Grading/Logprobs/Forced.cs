using System.Collections.Immutable;
using Slipway.Evaluation.Chat;

namespace Slipway.Evaluation.Grading.Logprobs;

/// <summary>What came of comparing two deployments on one prompt.</summary>
/// <param name="Tokens">The tokens that were compared.</param>
/// <param name="Missing">Why nothing is known; null where something is.</param>
/// <param name="NotApplicable">Why these two cannot be compared that way at all; null where they can.</param>
public sealed record ForcedResult(ImmutableArray<NextToken> Tokens, string? Missing = null, string? NotApplicable = null);

/// <summary>
/// Teacher forcing by chat: the model as it is answers, and the candidate says of each token of that answer what it holds likely in its place. It goes along by itself as long as it writes the same; where it would write
/// another token, it is given the beginning of the answer and goes on from there. Where a beginning cannot be given as a text, as with tokens that have none, the comparison ends with the token at which they part.
/// </summary>
/// <param name="baseline">Asks the model as it is.</param>
/// <param name="candidate">Asks the candidate.</param>
/// <param name="tokens">Most tokens to compare.</param>
public sealed class Forced(IChat baseline, IChat candidate, int tokens)
{
    // As many as vLLM gives by default.
    private const int Likeliest = 20;

    /// <summary>Compares on one prompt.</summary>
    /// <param name="messages">The conversation.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<ForcedResult> CompareAsync(ImmutableArray<Message> messages, CancellationToken cancellationToken)
    {
        var (asked, other) = (AskAsync(baseline, messages, null, tokens, cancellationToken), AskAsync(candidate, messages, null, tokens, cancellationToken));
        await Task.WhenAll(asked, other);
        var (a, b) = (await asked, await other);
        if (Refusal(a, "the model as it is") is { } first) return first;
        if (Refusal(b, "the candidate") is { } second) return second;
        if (a.PromptTokens is { } was && b.PromptTokens is { } now && was != now) return new([], NotApplicable: $"the candidate cuts a prompt into {now} tokens that were {was}: its tokenizer or its chat template is another one");

        var compared = ImmutableArray.CreateBuilder<NextToken>();
        for (var (start, going) = (0, b); ;)
        {
            var parted = false;
            var at = start;
            for (; !parted && at < a.Logprobs.Length && at - start < going.Logprobs.Length; at++)
            {
                var (mine, its) = (a.Logprobs[at], going.Logprobs[at - start]);
                if (mine.Token.Length > 0 && mine.Token == its.Token && mine.Id is { } id && its.Id is { } otherId && id != otherId) return new([], NotApplicable: "both write the same token and number it otherwise: their tokenizers differ");
                if (NextToken.Of(mine, its) is not { } next) return new([], NotApplicable: "the engines give no likeliest tokens (top_logprobs)");
                compared.Add(next);
                parted = NextToken.Key(mine) != NextToken.Key(its);
            }

            if (!parted || at >= a.Logprobs.Length || Begun(a.Logprobs[..at]) is not { } begun) break;
            going = await AskAsync(candidate, messages, begun, tokens - at, cancellationToken);
            // An engine that begins anew, or reads the beginning as other tokens, foretells something else.
            if (going.Failure is not null || going.PromptTokens - b.PromptTokens != at) break;
            start = at;
        }

        return new(compared.ToImmutable());
    }

    private static Task<Answer> AskAsync(IChat chat, ImmutableArray<Message> messages, string? begun, int most, CancellationToken cancellationToken) =>
        chat.AskAsync(new Question(messages, new RequestSettings { Temperature = 0, MaxTokens = most }) { TopLogprobs = Likeliest, Begun = begun }, cancellationToken);

    private static ForcedResult? Refusal(Answer answer, string who) => answer switch
    {
        { Failure: { Kind: FailureKind.Setup or FailureKind.Request } refused } => new([], NotApplicable: $"{who} cannot be asked for logprobs: {refused.Reason}"),
        { Failure: { } failed } => new([], Missing: $"{who}: {failed.Reason}"),
        { Logprobs.IsEmpty: true } => new([], NotApplicable: $"the engine of {who} gives no logprobs"),
        _ => null,
    };

    private static string? Begun(ImmutableArray<TokenLogprob> written) =>
        written.All(static t => t.Token.Length > 0 && !t.Token.Contains('\uFFFD', StringComparison.Ordinal)) ? string.Concat(written.Select(static t => t.Token)) : null;
}
