using Slipway.ApiServer.Json;

namespace Slipway.ApiServer.Http;

/// <summary>An answer other than success, in the shape of <c>meta/v1 Status</c>.</summary>
internal sealed class ApiException(int code, string reason, string message, JsonMap? details = null) : Exception(message)
{
    public int Code { get; } = code;

    public string Reason { get; } = reason;

    public JsonMap? Details { get; } = details;

    /// <summary>Whether a write lost against another, so that a patch may be tried again on the newer object.</summary>
    public bool IsWriteConflict { get; init; }

    /// <summary>Whether the message is the whole answer, and not a Status.</summary>
    public bool PlainText { get; init; }

    public JsonMap ToStatus()
    {
        var status = new JsonMap
        {
            ["kind"] = "Status",
            ["apiVersion"] = "v1",
            ["metadata"] = new JsonMap(),
            ["status"] = "Failure",
            ["message"] = Message,
        };
        if (Reason.Length > 0) status["reason"] = Reason;
        if (Details is not null) status["details"] = Details;
        status["code"] = (long)Code;
        return status;
    }
}
