using Slipway.ApiServer.Http;
using Slipway.ApiServer.Json;
using Slipway.ApiServer.Webhooks;

namespace Slipway.ApiServer.Conversion;

/// <summary>The defaults and rules of <c>spec.conversion</c>. Faults name the fields as upstream does, which are those of an older version.</summary>
internal static class ConversionChecks
{
    private const string Path = "spec.conversion";
    private static readonly string[] s_strategies = ["None", "Webhook"];

    public static void Default(JsonMap spec)
    {
        spec.TryAdd("conversion", new JsonMap { ["strategy"] = "None" });
        if (spec.Map("conversion", "webhook")?.Map("clientConfig", "service") is { } service) service.TryAdd("port", 443L);
    }

    public static void Check(JsonMap spec, List<FieldError> errors)
    {
        if (spec.Map("conversion") is not { } conversion) return;
        var (strategy, webhook) = (conversion.Text("strategy") ?? "", conversion.Map("webhook"));
        if (strategy.Length == 0) errors.Add(FieldError.Required(Path + ".strategy"));
        else if (!s_strategies.Contains(strategy)) errors.Add(FieldError.NotSupported(Path + ".strategy", strategy, s_strategies));
        if (strategy != "Webhook")
        {
            if (webhook?.Map("clientConfig") is not null)
                errors.Add(FieldError.Forbidden(Path + ".webhookClientConfig", "should not be set when strategy is not set to Webhook"));
            if (webhook?.List("conversionReviewVersions") is { Count: > 0 })
                errors.Add(FieldError.Forbidden(Path + ".conversionReviewVersions", "should not be set when strategy is not set to Webhook"));
            return;
        }

        if (webhook?.Map("clientConfig") is not { } config) errors.Add(FieldError.Required(Path + ".webhookClientConfig", "required when strategy is set to Webhook"));
        else ClientConfigChecks.Check(config, Path + ".webhookClientConfig", errors);
        ReviewVersionChecks.Check(webhook?.List("conversionReviewVersions"), Path + ".conversionReviewVersions", errors, hint: "");
    }
}
