using System.Diagnostics.CodeAnalysis;
using Slipway.ApiServer.Json;

namespace Slipway.ApiServer.Webhooks;

/// <summary>What came of a call: the answer's JSON object, or why there is none, in the words of upstream's client.</summary>
internal sealed record WebhookAnswer(JsonMap? Body, string? Fault)
{
    [MemberNotNullWhen(true, nameof(Body))]
    [MemberNotNullWhen(false, nameof(Fault))]
    public bool IsSuccess => Body is not null;

    public static WebhookAnswer Failed(string fault) => new(null, fault);
}
