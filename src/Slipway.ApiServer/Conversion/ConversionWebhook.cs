using Slipway.ApiServer.Json;
using Slipway.ApiServer.Webhooks;

namespace Slipway.ApiServer.Conversion;

/// <summary>Who converts the objects of a definition with several versions: <c>spec.conversion</c> with the strategy Webhook.</summary>
/// <param name="Target">Where it listens.</param>
/// <param name="ReviewVersion">The version of ConversionReview that it and we know; empty when there is none.</param>
internal sealed record ConversionWebhook(WebhookTarget Target, string ReviewVersion)
{
    /// <returns>The webhook, or <see langword="null"/> where versions differ by their name only.</returns>
    public static ConversionWebhook? Read(JsonMap spec)
    {
        if (spec.Map("conversion") is not { } conversion || conversion.Text("strategy") != "Webhook") return null;
        var known = conversion.Map("webhook")?.List("conversionReviewVersions")?.Strings().FirstOrDefault(v => v is "v1" or "v1beta1");
        return new(WebhookTarget.Read(conversion.Map("webhook", "clientConfig")), known ?? "");
    }
}
