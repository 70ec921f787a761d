using System.Collections.Concurrent;
using Slipway.ApiServer.Json;
using Slipway.ApiServer.Pki;

namespace Slipway.ApiServer.Authentication.Tokens;

/// <summary>Who a token stands for and for which of the asked audiences, or why it is refused.</summary>
internal readonly record struct TokenVerdict(UserInfo? User, IReadOnlyList<string> Audiences, string? Error)
{
    // A real API server asks two authenticators in turn, and both say what they think.
    public static TokenVerdict Refused(string? why) => new(null, [], why is null ? "invalid bearer token" : $"[invalid bearer token, {why}]");
}

/// <summary>
/// Checks the tokens of service accounts. What the signature proves is remembered per token; whether its time has come and
/// whether its account and the object that it is bound to still are is looked at with every request.
/// </summary>
internal sealed class TokenAuthenticator(SigningKey key, TokenLiveness liveness)
{
    private const int Remembered = 4096;

    private readonly ConcurrentDictionary<string, SignedToken> _known = new(StringComparer.Ordinal);

    public TokenVerdict Authenticate(ReadOnlySpan<char> token, IReadOnlyList<string> audiences)
    {
        if (!_known.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(token, out var signed))
        {
            signed = Read(token);
            if (signed is null) return TokenVerdict.Refused(Jwt.Claims(token)?.Text("iss") is TokenIssuer.Issuer or TokenIssuer.SecretIssuer ? "go-jose/go-jose: error in cryptographic primitive" : null);
            // Room for more tokens than a server of this size meets; when clients make new ones without end, all start anew.
            if (_known.Count >= Remembered) _known.Clear();
            _known[token.ToString()] = signed;
        }

        var common = ReferenceEquals(audiences, TokenIssuer.ServerAudiences) && signed.ForServer ? TokenIssuer.ServerAudiences : Common(signed, audiences);
        if (common.Length == 0) return TokenVerdict.Refused($"token audiences {Quote(signed.Audiences)} is invalid for the target audiences {Quote(audiences)}");
        return (signed.Claims is { } claims ? liveness.Fault(claims) : liveness.Fault(signed.FromSecret!, token)) is { } fault
            ? TokenVerdict.Refused(fault)
            : new(signed.User, common, null);
    }

    private SignedToken? Read(ReadOnlySpan<char> token)
    {
        if (Jwt.Verify(token, key) is not { } json) return null;
        if (json.Text("iss") == TokenIssuer.Issuer && TokenClaims.Of(json) is { } claims) return new(claims.ToUser(), claims, null, claims.Audiences);
        return json.Text("iss") == TokenIssuer.SecretIssuer && SecretClaims.Of(json) is { } secret
            ? new(secret.ToUser(), null, secret, TokenIssuer.ServerAudiences)
            : null;
    }

    private static string[] Common(SignedToken token, IReadOnlyList<string> wanted) => [.. token.Audiences.Where(wanted.Contains)];

    private static string Quote(IEnumerable<string> items) => $"[{string.Join(' ', items.Select(i => JsonText.Of(i)))}]";

    private sealed record SignedToken(UserInfo User, TokenClaims? Claims, SecretClaims? FromSecret, IReadOnlyList<string> Audiences)
    {
        public bool ForServer { get; } = Audiences.Contains(TokenIssuer.Issuer);
    }
}
