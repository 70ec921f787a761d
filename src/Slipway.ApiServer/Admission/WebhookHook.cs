using Slipway.ApiServer.Json;
using Slipway.ApiServer.Webhooks;

namespace Slipway.ApiServer.Admission;

/// <summary>One webhook of a configuration, ready to be asked.</summary>
internal sealed record WebhookHook(string Name, MatchCriteria Match, MatchConditions Conditions, WebhookTarget Target)
{
    /// <summary>Gets whether a call that fails lets the request through.</summary>
    public bool IgnoresFailures { get; private init; }

    public TimeSpan Timeout { get; private init; }

    /// <summary>Gets whether it may be asked for a dry run.</summary>
    public bool TakesDryRuns { get; private init; }

    /// <summary>Gets the version of AdmissionReview that it and we know; empty when there is none.</summary>
    public string ReviewVersion { get; private init; } = "";

    /// <summary>Gets whether it is asked again when webhooks after it changed the object.</summary>
    public bool Reinvokes { get; private init; }

    public static IReadOnlyList<WebhookHook> Read(JsonMap configuration) =>
        [.. (configuration.List("webhooks")?.Maps() ?? []).Select(w => new WebhookHook(
            w.Text("name") ?? "", MatchCriteria.OfWebhook(w), MatchConditions.Read(w.List("matchConditions"), AdmissionCel.Environment), WebhookTarget.Read(w.Map("clientConfig")))
        {
            IgnoresFailures = w.Text("failurePolicy") == "Ignore",
            Timeout = TimeSpan.FromSeconds(w.At("timeoutSeconds") as long? ?? 10),
            TakesDryRuns = w.Text("sideEffects") is "None" or "NoneOnDryRun",
            ReviewVersion = w.List("admissionReviewVersions")?.Strings().FirstOrDefault(v => v is "v1" or "v1beta1") ?? "",
            Reinvokes = w.Text("reinvocationPolicy") == "IfNeeded",
        })];
}

/// <summary>A webhook and the resource that its rules matched.</summary>
internal sealed record MatchedHook(WebhookHook Hook, MatchedResource Resource);
