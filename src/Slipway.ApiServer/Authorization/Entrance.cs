using Microsoft.AspNetCore.Http;
using Slipway.ApiServer.Authentication;
using Slipway.ApiServer.Authentication.Impersonation;
using Slipway.ApiServer.Authentication.Tokens;
using Slipway.ApiServer.Http;
using Slipway.ApiServer.Requests;

namespace Slipway.ApiServer.Authorization;

/// <summary>What every request passes before anything looks at what it asks for: who is it, as whom does it act, may they.</summary>
internal sealed class Entrance(Authenticator authenticator, Impersonator impersonator, Authorizer authorizer, Reviews reviews, IssuerDocuments documents)
{
    public Reviews Reviews { get; } = reviews;

    public IssuerDocuments Documents { get; } = documents;

    /// <returns>Who the request is from, or whom it may act as.</returns>
    /// <exception cref="ApiException">401, 403, or 400 for headers that want no user.</exception>
    public async ValueTask<UserInfo> AdmitAsync(HttpContext http, string path, RequestTarget? target)
    {
        var access = RequestAccess.Of(http.Request, await authenticator.AuthenticateAsync(http), path, target);
        if (WantedUser.Of(http.Request.Headers) is { } wanted) access = access with { User = impersonator.Impersonate(wanted, access) };
        authorizer.Demand(access);
        return access.User;
    }

    /// <summary>An apply to what does not exist creates it, which takes the right to create as well.</summary>
    public void DemandCreate(ApiRequest request)
    {
        if (request.User.IsMaster || BodyReader.MediaType(request.Http.Request) != "application/apply-patch+yaml" || request.Bucket.Find(request.Key) is not null) return;
        authorizer.Demand(AccessRequest.To(request.User, "create", request.Type.Group, request.Type.Plural, request.Name, request.Namespace ?? ""));
    }
}
