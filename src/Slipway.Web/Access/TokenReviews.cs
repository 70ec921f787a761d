using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Kubernetes.Connection;

namespace Slipway.Web.Access;

/// <summary>Asks the API whose a token is (<c>authentication.k8s.io/v1</c> TokenReview). It is the only thing that is done with the server's own rights.</summary>
/// <param name="own">The server's own connection, which may create <c>tokenreviews</c>.</param>
internal sealed class TokenReviews(KubeClient own)
{
    /// <summary>Asks.</summary>
    /// <param name="token">The token.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task<TokenVerdict> AskAsync(string token, CancellationToken cancellationToken)
    {
        var review = new JsonObject { ["apiVersion"] = "authentication.k8s.io/v1", ["kind"] = "TokenReview", ["spec"] = new JsonObject { ["token"] = token } };
        try
        {
            var status = (await own.AskAsync("apis/authentication.k8s.io/v1/tokenreviews", review, cancellationToken))["status"];
            return status?["authenticated"]?.GetValueKind() is JsonValueKind.True && Text(status["user"]?["username"]) is { Length: > 0 } name
                ? new TokenVerdict(new Person(name, [.. (status["user"]!["groups"] as JsonArray ?? []).Select(Text).OfType<string>()]), null)
                : new TokenVerdict(null, null);
        }
        catch (Exception unasked) when (unasked is KubeApiException or HttpRequestException or JsonException)
        {
            return new TokenVerdict(null, unasked.Message);
        }
    }

    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
}

/// <summary>What the API says of a token.</summary>
/// <param name="Person">Whose it is; null when it is not accepted, or nobody could say.</param>
/// <param name="Fault">Why nobody could say; null when somebody did.</param>
internal sealed record TokenVerdict(Person? Person, string? Fault);
