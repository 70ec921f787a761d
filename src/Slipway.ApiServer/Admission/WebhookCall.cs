using System.Text.Json;
using Slipway.ApiServer.Http;
using Slipway.ApiServer.Json;
using Slipway.ApiServer.Webhooks;

namespace Slipway.ApiServer.Admission;

/// <summary>What a webhook said.</summary>
/// <param name="Warnings">What the client should be told, whatever the decision.</param>
/// <param name="Patch">The operations that change the object; empty for none.</param>
/// <param name="Denial">The refusal, or <see langword="null"/>.</param>
/// <param name="Fault">Why the call failed, or <see langword="null"/>.</param>
internal sealed record WebhookVerdict(IReadOnlyList<string> Warnings, JsonList Patch, ApiException? Denial, string? Fault)
{
    public static WebhookVerdict Failed(string fault) => new([], [], null, fault);

    public static WebhookVerdict Denied(ApiException denial, IReadOnlyList<string> warnings) => new(warnings, [], denial, null);
}

/// <summary>Asks one webhook about one request.</summary>
internal static class WebhookCall
{
    // Ten of the largest objects: a patch that needs more is a mistake or an attack.
    private const long MaxAnswer = 32L * 1024 * 1024;

    public static async Task<WebhookVerdict> AskAsync(
        WebhookClient client, MatchedHook matched, AdmissionAttributes attributes, JsonMap? value, JsonMap? old, bool mutating)
    {
        var hook = matched.Hook;
        if (attributes.Request.DryRun && !hook.TakesDryRuns)
            return WebhookVerdict.Denied(Errors.BadRequest($"admission webhook \"{hook.Name}\" does not support dry run"), []);
        if (hook.ReviewVersion.Length == 0)
            return WebhookVerdict.Failed("could not create admission objects: webhook does not accept known AdmissionReview versions (v1, v1beta1)");
        var uid = Guid.NewGuid().ToString();
        var review = AdmissionReview.For(uid, hook.ReviewVersion, attributes, matched.Resource, value, old);
        var answer = await client.PostAsync(hook.Target, review, hook.Timeout, tellTimeout: true, MaxAnswer, attributes.Request.Aborted);
        if (!answer.IsSuccess) return WebhookVerdict.Failed("failed to call webhook: " + answer.Fault);
        if (AdmissionReview.Fault(answer.Body, uid, hook.ReviewVersion, mutating) is { } fault) return WebhookVerdict.Failed("received invalid webhook response: " + fault);
        var response = answer.Body.Map("response")!;
        List<string> warnings = [.. response.List("warnings")?.Strings() ?? []];
        if (response.At("allowed") is not true) return WebhookVerdict.Denied(Denial(hook.Name, response.Map("status")), warnings);
        if (!mutating || response.Text("patch") is not { Length: > 0 } patch) return new(warnings, [], null, null);
        if (response.Text("patchType") is not ("JSONPatch" or null)) return WebhookVerdict.Failed($"unsupported patch type \"{response.Text("patchType")}\"") with { Warnings = warnings };
        return ReadPatch(patch, warnings);
    }

    private static WebhookVerdict ReadPatch(string patch, List<string> warnings)
    {
        try
        {
            if (JsonParser.Parse(Convert.FromBase64String(patch)) is JsonList operations) return new(warnings, operations, null, null);
            return WebhookVerdict.Failed("received undecodable patch in webhook response: the patch is no list of operations") with { Warnings = warnings };
        }
        catch (Exception e) when (e is FormatException or JsonException)
        {
            return WebhookVerdict.Failed("received undecodable patch in webhook response: " + e.Message) with { Warnings = warnings };
        }
    }

    /// <summary>Makes the refusal from the Status of an answer: its code, reason and details reach the client.</summary>
    private static ApiException Denial(string name, JsonMap? status)
    {
        var code = (int)Math.Clamp(status?.At("code") as long? ?? 0, 400, 599);
        var reason = status?.Text("reason") ?? "";
        var lead = $"admission webhook \"{name}\" denied the request";
        var message = status?.Text("message") is { Length: > 0 } said ? $"{lead}: {said}" : reason.Length > 0 ? $"{lead}: {reason}" : $"{lead} without explanation";
        return new(code, reason, message, status?.Map("details"));
    }
}
