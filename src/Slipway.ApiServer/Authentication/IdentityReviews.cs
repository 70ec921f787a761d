using Slipway.ApiServer.Authentication.Oidc;
using Slipway.ApiServer.Authentication.Tokens;
using Slipway.ApiServer.Http;
using Slipway.ApiServer.Json;
using Slipway.ApiServer.Requests;

namespace Slipway.ApiServer.Authentication;

/// <summary>Answers who someone is (<c>authentication.k8s.io/v1</c>).</summary>
internal sealed class IdentityReviews(TokenAuthenticator tokens, OidcAuthenticator? oidc, TimeProvider time)
{
    public const string Group = "authentication.k8s.io";

    public async Task<JsonMap> TokenAsync(JsonMap review)
    {
        var spec = review.Map("spec");
        if (spec?.Text("token") is not { Length: > 0 } token) throw Errors.BadRequest("token is required for TokenReview in authentication");
        string[] audiences = spec.List("audiences") is { Count: > 0 } asked ? [.. asked.Strings()] : TokenIssuer.ServerAudiences;
        var verdict = oidc?.Knows(token) == true ? await oidc.AuthenticateAsync(token, audiences) : tokens.Authenticate(token, audiences);
        var status = new JsonMap();
        if (verdict.User is { } user)
        {
            status["authenticated"] = true;
            status["user"] = user.ToJson();
            status["audiences"] = JsonList.Of(verdict.Audiences);
        }
        else
        {
            status["user"] = new JsonMap();
            status["error"] = verdict.Error;
        }

        return Answer("TokenReview", review.Map("metadata") ?? new(), spec, status);
    }

    public JsonMap Self(UserInfo user) => Answer("SelfSubjectReview", new() { ["creationTimestamp"] = MetadataRules.Time(time.GetUtcNow()) }, null,
        new() { ["userInfo"] = user.ToJson() });

    private static JsonMap Answer(string kind, JsonMap metadata, JsonMap? spec, JsonMap status)
    {
        var answer = new JsonMap { ["kind"] = kind, ["apiVersion"] = Group + "/v1", ["metadata"] = metadata };
        if (spec is not null) answer["spec"] = spec;
        answer["status"] = status;
        return answer;
    }
}
