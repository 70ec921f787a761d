using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Slipway.Web.Rest;

/// <summary>Problem details: <see href="https://www.rfc-editor.org/rfc/rfc9457"/>.</summary>
internal static class Problem
{
    /// <param name="status">The HTTP status.</param>
    /// <param name="title">What happened, the same for all of its kind.</param>
    /// <param name="detail">What happened here, and what to do.</param>
    public static IResult Of(int status, string title, string detail) => Results.Text(
        new JsonObject { ["type"] = "about:blank", ["title"] = title, ["status"] = status, ["detail"] = detail }.ToJsonString(), "application/problem+json", statusCode: status);
}
