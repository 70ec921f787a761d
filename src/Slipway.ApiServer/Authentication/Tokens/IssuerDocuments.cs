using Microsoft.AspNetCore.Http;
using Slipway.ApiServer.Http;
using Slipway.ApiServer.Json;
using Slipway.ApiServer.Pki;

namespace Slipway.ApiServer.Authentication.Tokens;

/// <summary>Tells others how to check tokens: the provider configuration and the public key (OpenID Connect Discovery 1.0, section 3).</summary>
internal sealed class IssuerDocuments(SigningKey key)
{
    private const string Configuration = "/.well-known/openid-configuration", Keys = "/openid/v1/jwks";

    /// <returns>Whether the path was one of these.</returns>
    public async Task<bool> TryHandleAsync(HttpContext http, string path)
    {
        if (path is not (Configuration or Keys)) return false;
        if (http.Request.Method != "GET") throw Errors.MethodNotAllowed();
        if (path == Keys)
        {
            await AnswerAsync(http, new JsonMap { ["keys"] = new JsonList { key.ToJson() } }, "application/jwk-set+json");
            return true;
        }

        await AnswerAsync(http, new JsonMap
        {
            ["issuer"] = TokenIssuer.Issuer,
            ["jwks_uri"] = $"https://{http.Request.Host}{Keys}",
            ["response_types_supported"] = JsonList.Of(["id_token"]),
            ["subject_types_supported"] = JsonList.Of(["public"]),
            ["id_token_signing_alg_values_supported"] = JsonList.Of([SigningKey.Algorithm]),
        }, Responses.Json);
        return true;
    }

    private static async Task AnswerAsync(HttpContext http, JsonMap document, string type)
    {
        var bytes = JsonText.Bytes(document);
        http.Response.ContentType = type;
        http.Response.Headers.CacheControl = "public, max-age=3600";
        http.Response.ContentLength = bytes.Length;
        await http.Response.BodyWriter.WriteAsync(bytes, http.RequestAborted);
    }
}
