using Microsoft.AspNetCore.Http;
using Slipway.ApiServer.Authentication;
using Slipway.ApiServer.Authentication.Tokens;
using Slipway.ApiServer.Authorization;
using Slipway.ApiServer.Http;
using Slipway.ApiServer.Json;

namespace Slipway.ApiServer.Requests;

/// <summary>The resources that are only asked: who someone is, what they may do, a token for an account. Nothing of them is stored.</summary>
internal sealed class Reviews(AccessReviews access, IdentityReviews identities, TokenRequests tokens)
{
    /// <returns>Whether the target was one of them.</returns>
    public async Task<bool> TryHandleAsync(HttpContext http, RequestTarget target, UserInfo user)
    {
        if (target is { Group: "", Version: "v1", Resource: "serviceaccounts", Subresource: "token", Namespace: { } place, Name: { } account })
        {
            await tokens.CreateAsync(http, place, account);
            return true;
        }

        if (target is not { Group: AccessReviews.Group or IdentityReviews.Group, Version: "v1" }) return false;
        Func<JsonMap, ValueTask<JsonMap>>? answer = (target.Group, target.Resource, target.Namespace) switch
        {
            (AccessReviews.Group, "selfsubjectaccessreviews", null) => review => new(access.Self(user, review)),
            (AccessReviews.Group, "subjectaccessreviews", null) => review => new(access.Subject(review)),
            (AccessReviews.Group, "localsubjectaccessreviews", { } ns) => review => new(access.Local(ns, review)),
            (AccessReviews.Group, "selfsubjectrulesreviews", null) => review => new(access.Rules(user, review)),
            (IdentityReviews.Group, "tokenreviews", null) => review => new(identities.TokenAsync(review)),
            (IdentityReviews.Group, "selfsubjectreviews", null) => _ => new(identities.Self(user)),
            _ => null,
        };
        if (answer is null || target.Name is not null) throw Errors.PathNotFound();
        if (http.Request.Method != "POST") throw Errors.MethodNotAllowed();
        var body = await BodyReader.ReadObjectAsync(http.Request, null, http.RequestAborted);
        await Responses.JsonAsync(http, 201, await answer(body));
        return true;
    }
}
