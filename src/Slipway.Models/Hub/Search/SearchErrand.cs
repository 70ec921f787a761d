using System.Net;
using Slipway.Models.Store;

namespace Slipway.Models.Hub.Search;

/// <summary>A search, with what its refusals mean.</summary>
internal sealed record SearchErrand() : HubErrand(null, "models")
{
    private const string Where = "HF_TOKEN, or the file that huggingface-cli login writes";

    public override string Kept => "";

    public override ModelError Refused(HttpResponseMessage response, Uri endpoint, bool hasToken, TimeSpan? retryAfter) => response.StatusCode switch
    {
        HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden when hasToken => new ModelError(
            ModelErrorKind.GatedOrPrivate,
            $"The hub {endpoint.Host} does not take your token ({(int)response.StatusCode}): it is wrong, expired, or may not list models. "
            + $"Make a new one with read access at {new Uri(endpoint, "/settings/tokens")}, or unset it: public models need none. It is read from {Where}."),
        HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => new ModelError(
            ModelErrorKind.GatedOrPrivate,
            $"The hub {endpoint.Host} lists models only for those with a token ({(int)response.StatusCode}). Give one: {Where}."),
        HttpStatusCode.TooManyRequests => TooMany(endpoint, hasToken, retryAfter),
        HttpStatusCode.BadRequest or HttpStatusCode.UnprocessableEntity => new ModelError(
            ModelErrorKind.InvalidQuery,
            $"The hub {endpoint.Host} does not understand the search ({(int)response.StatusCode}). A page's continuation may be too old: begin at the first page, with fewer conditions."),
        var status => new ModelError(
            ModelErrorKind.HubUnavailable,
            $"The hub {endpoint.Host} answered {(int)status} {response.ReasonPhrase} when asked for models. "
            + ((int)status >= 500 ? "The fault is on its side; the search is worth repeating later." : "Check HF_ENDPOINT: it may be a mirror that cannot search."),
            Retryable: (int)status >= 500),
    };

    /// <summary>The error of a search that came too soon.</summary>
    public static ModelError TooMany(Uri endpoint, bool hasToken, TimeSpan? retryAfter) => new(
        ModelErrorKind.RateLimited,
        $"The hub {endpoint.Host} asks for fewer requests"
        + (retryAfter is { } wait ? $"; come back in {Math.Ceiling(wait.TotalSeconds):0} s. " : "; come back in some minutes. ")
        + (hasToken ? "The limit is that of your token's account." : "A token (HF_TOKEN) raises the limit."),
        Retryable: true,
        retryAfter);
}
