using System.Net;
using System.Net.Sockets;
using Slipway.Models.Store;

namespace Slipway.Models.Hub;

/// <summary>Says in words what an answer of the hub means. The codes are those of the header <c>X-Error-Code</c>.</summary>
/// <remarks>Source of the codes: <c>hf_raise_for_status</c> in huggingface_hub.</remarks>
internal static class HubErrors
{
    public static ModelError Of(HttpResponseMessage response, ModelRequest request, Uri endpoint, bool hasToken, TimeSpan? retryAfter)
    {
        var code = response.Headers.TryGetValues("X-Error-Code", out var values) ? values.FirstOrDefault() : null;
        return response.StatusCode switch
        {
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden =>
                new ModelError(ModelErrorKind.GatedOrPrivate, Refused(response.StatusCode, code, request, endpoint, hasToken)),
            HttpStatusCode.NotFound => new ModelError(ModelErrorKind.NotFound, NotFound(code, request, endpoint)),
            HttpStatusCode.TooManyRequests => new ModelError(
                ModelErrorKind.RateLimited,
                $"The hub {endpoint.Host} asks for fewer requests (429)"
                + (retryAfter is { } wait ? $"; come back in {wait.TotalSeconds:0} s. " : ". ")
                + (hasToken ? "The limit is that of your token's account." : "A token (HF_TOKEN) raises the limit."),
                Retryable: true,
                retryAfter),
            var status => new ModelError(
                ModelErrorKind.HubUnavailable,
                $"The hub {endpoint.Host} answered {(int)status} {response.ReasonPhrase} when asked for {request.Id}. "
                + ((int)status >= 500 ? "The fault is on its side; the request is worth repeating later." : "Check HF_ENDPOINT."),
                Retryable: (int)status >= 500),
        };
    }

    /// <summary>What a lost download may count on.</summary>
    public const string DownloadKept = " What was downloaded so far is kept.";

    /// <summary>The hub was not reached, or stopped in the middle.</summary>
    public static ModelError Unreachable(Exception exception, Uri endpoint, string what, string kept = DownloadKept)
    {
        var because = exception switch
        {
            OperationCanceledException => "it stayed silent for too long",
            HttpRequestException { InnerException: SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.TryAgain } } =>
                $"the name {endpoint.Host} was not found",
            HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } e => $"no secure connection: {e.InnerException?.Message ?? e.Message}",
            HttpRequestException { InnerException: SocketException e } => e.Message,
            _ => exception.Message,
        };
        return new ModelError(
            ModelErrorKind.HubUnavailable,
            $"The hub at {endpoint.GetLeftPart(UriPartial.Authority)} was lost while {what}: {because.TrimEnd('.')}. "
            + $"Check the network, or set HF_ENDPOINT to a mirror.{kept}",
            Retryable: true);
    }

    /// <summary>An answer that is not what the hub's protocol says.</summary>
    public static ModelError Nonsense(Uri endpoint, string what) => new(
        ModelErrorKind.HubUnavailable,
        $"{endpoint.GetLeftPart(UriPartial.Authority)} does not answer like a Hugging Face hub: {what}. Check HF_ENDPOINT, or a proxy in between.",
        Retryable: true);

    private static string Refused(HttpStatusCode status, string? code, ModelRequest request, Uri endpoint, bool hasToken)
    {
        var page = new Uri(endpoint, request.Id);
        const string Where = "HF_TOKEN, or secrets.huggingFaceToken in the manifest";
        if (code == "GatedRepo" && hasToken)
            return $"The hub says that your token may not read {request.Id} ({(int)status}): its licence is not accepted yet. Accept it at {page} with the account of the token.";
        return hasToken
            ? $"The hub says that your token may not read {request.Id} ({(int)status}): it is gated or private, or the token is wrong or expired. "
                + $"Accept its licence at {page}, and check the token ({Where})."
            : $"The hub says that you may not read {request.Id} ({(int)status}): it is gated or private, or does not exist. "
                + $"Accept its licence at {page} and give a token: {Where}.";
    }

    private static string NotFound(string? code, ModelRequest request, Uri endpoint) => code switch
    {
        "RevisionNotFound" => $"{request.Id} has no revision '{request.Revision ?? "main"}'. See {new Uri(endpoint, request.Id)}/tree/main for its branches and tags.",
        "EntryNotFound" => $"{request.Id} has no file '{request.File}' at revision '{request.Revision ?? "main"}'. See {new Uri(endpoint, request.Id)}/tree/main.",
        _ => $"There is no model {request.Id} on {endpoint.Host}, and none in the local directories. Check the spelling; ids are case-sensitive.",
    };
}
