using Microsoft.AspNetCore.Http;
using Slipway.ApiServer.Http;
using Slipway.ApiServer.Json;
using Slipway.ApiServer.Kinds;
using Slipway.ApiServer.Requests;
using Slipway.ApiServer.Storage;

namespace Slipway.ApiServer.Authentication.Tokens;

/// <summary>The token subresource of service accounts (KEP-1205).</summary>
internal sealed class TokenRequests(ObjectStore store, ResourceRegistry registry, TokenIssuer issuer, TimeProvider time)
{
    private const long Shortest = 600, Longest = 1L << 32, Usual = 3600;

    public async Task CreateAsync(HttpContext http, string @namespace, string name)
    {
        if (http.Request.Method != "POST") throw Errors.MethodNotAllowed();
        var body = await BodyReader.ReadObjectAsync(http.Request, null, http.RequestAborted);
        if (body.Text("kind") is { Length: > 0 } kind && kind != "TokenRequest")
            throw Errors.BadRequest($"{kind} in version \"{body.Text("apiVersion")}\" cannot be handled as a TokenRequest: " +
                $"converting ({body.Text("apiVersion")}.{kind}) to (authentication.TokenRequest): unknown conversion");
        await Responses.JsonAsync(http, 201, Answer(body, @namespace, name));
    }

    private JsonMap Answer(JsonMap body, string @namespace, string name)
    {
        var metadata = body.Ensure("metadata");
        if (metadata.Text("name") is { Length: > 0 } own && own != name)
            throw Invalid(name, FieldError.Invalid("metadata.name", own, "must match the service account name if specified"));
        if (metadata.Text("namespace") is { Length: > 0 } place && place != @namespace)
            throw Invalid(name, FieldError.Invalid("metadata.namespace", place, "must match the service account namespace if specified"));
        var account = Find("serviceaccounts", @namespace, name);
        if (metadata.Text("uid") is { Length: > 0 } uid && uid != account.Metadata.Uid)
            throw Conflict("TokenRequest", "authentication.k8s.io", name, $"the UID in the token request ({uid}) does not match the UID of the service account ({account.Metadata.Uid})");
        var spec = body.Ensure("spec");
        if (spec.List("audiences") is not { Count: > 0 }) spec["audiences"] = JsonList.Of(TokenIssuer.ServerAudiences);
        var seconds = spec.At("expirationSeconds") as long? ?? Usual;
        spec["expirationSeconds"] = seconds;
        if (seconds < Shortest) throw Invalid("", FieldError.Invalid("spec.expirationSeconds", seconds, "may not specify a duration less than 10 minutes"));
        if (seconds > Longest) throw Invalid("", FieldError.Invalid("spec.expirationSeconds", seconds, "may not specify a duration larger than 2^32 seconds"));
        var claims = new TokenClaims(@namespace, new(name, account.Metadata.Uid)) { Audiences = [.. spec.List("audiences")!.Strings()] };
        if (spec.Map("boundObjectRef") is { } bound) claims = Bind(claims, bound);
        spec.TryAdd("boundObjectRef", null);
        var now = time.GetUtcNow();
        return new()
        {
            ["kind"] = "TokenRequest",
            ["apiVersion"] = "authentication.k8s.io/v1",
            ["metadata"] = new JsonMap
            {
                ["name"] = name,
                ["namespace"] = @namespace,
                ["uid"] = account.Metadata.Uid,
                ["creationTimestamp"] = MetadataRules.Time(now),
            },
            ["spec"] = spec,
            ["status"] = new JsonMap
            {
                ["token"] = issuer.Issue(claims, seconds),
                ["expirationTimestamp"] = MetadataRules.Time(now.AddSeconds(seconds)),
            },
        };
    }

    private TokenClaims Bind(TokenClaims claims, JsonMap bound)
    {
        var (kind, version, name) = (bound.Text("kind") ?? "", bound.Text("apiVersion") ?? "", bound.Text("name") ?? "");
        StoredObject found;
        switch (kind, version.Contains('/', StringComparison.Ordinal))
        {
            case ("Pod", false):
                found = Find("pods", claims.Namespace, name);
                var spec = found.Parse().Map("spec");
                if (spec?.Text("serviceAccountName") != claims.Account.Name)
                    throw Errors.BadRequest($"cannot bind token for serviceaccount \"{claims.Account.Name}\" to pod running with different serviceaccount name.");
                claims = claims with { Pod = new(name, found.Metadata.Uid) };
                if (spec.Text("nodeName") is { Length: > 0 } node)
                    claims = claims with { Node = new(node, store.Bucket("/nodes").Find("/" + node)?.Metadata.Uid ?? "") };
                break;
            case ("Secret", false):
                found = Find("secrets", claims.Namespace, name);
                claims = claims with { Secret = new(name, found.Metadata.Uid) };
                break;
            case ("Node", false):
                found = Find("nodes", null, name);
                claims = claims with { Node = new(name, found.Metadata.Uid) };
                break;
            default:
                throw Errors.BadRequest($"cannot bind token to object of type {(version.Contains('/', StringComparison.Ordinal) ? "" : "/")}{version}, Kind={kind}");
        }

        if (bound.Text("uid") is { Length: > 0 } uid && uid != found.Metadata.Uid)
            throw Conflict(kind, "", name, $"the UID in the bound object reference ({uid}) does not match the UID in record. The object might have been deleted and then recreated");
        return claims;
    }

    private StoredObject Find(string plural, string? @namespace, string name) =>
        store.Bucket("/" + plural).Find(StoredObject.KeyOf(@namespace, name)) ?? throw Errors.NotFound(registry.Current.Find("", plural)!, name);

    private static ApiException Conflict(string kind, string group, string name, string why)
    {
        var details = new JsonMap { ["name"] = name };
        if (group.Length > 0) details["group"] = group;
        details["kind"] = kind;
        var what = group.Length > 0 ? $"{kind}.{group}" : kind;
        return new(409, "Conflict", $"Operation cannot be fulfilled on {what} \"{name}\": {why}", details);
    }

    private static ApiException Invalid(string name, FieldError error) => new(422, "Invalid",
        $"TokenRequest.authentication.k8s.io \"{name}\" is invalid: {error}",
        new JsonMap { ["name"] = name, ["group"] = "authentication.k8s.io", ["kind"] = "TokenRequest", ["causes"] = new JsonList { error.ToCause() } });
}
