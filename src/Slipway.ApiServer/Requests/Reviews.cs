using Microsoft.AspNetCore.Http;
using Slipway.ApiServer.Http;
using Slipway.ApiServer.Json;

namespace Slipway.ApiServer.Requests;

/// <summary>Answers access reviews. Whoever is let in may do everything: the only identities are certificates of our own authority.</summary>
internal static class Reviews
{
    public static async Task<bool> TryHandleAsync(HttpContext http, RequestTarget target)
    {
        if (target is not { Group: "authorization.k8s.io", Version: "v1", Name: null }) return false;
        if (http.Request.Method != "POST") throw Errors.MethodNotAllowed();
        var review = await BodyReader.ReadObjectAsync(http.Request, null, http.RequestAborted);
        review["status"] = target.Resource switch
        {
            "selfsubjectaccessreviews" or "subjectaccessreviews" => new JsonMap { ["allowed"] = true, ["reason"] = "every client of this server is an administrator" },
            "selfsubjectrulesreviews" => new JsonMap
            {
                ["resourceRules"] = new JsonList { Rule("resources", "apiGroups") },
                ["nonResourceRules"] = new JsonList { Rule("nonResourceURLs", null) },
                ["incomplete"] = false,
            },
            _ => throw Errors.PathNotFound(),
        };
        await Responses.JsonAsync(http, 201, review);
        return true;
    }

    private static JsonMap Rule(string what, string? also)
    {
        var rule = new JsonMap { ["verbs"] = JsonList.Of(["*"]), [what] = JsonList.Of(["*"]) };
        if (also is not null) rule[also] = JsonList.Of(["*"]);
        return rule;
    }
}
