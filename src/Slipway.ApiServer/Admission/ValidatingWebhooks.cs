using Slipway.ApiServer.Http;
using Slipway.ApiServer.Webhooks;

namespace Slipway.ApiServer.Admission;

/// <summary>Asks validating webhooks about the object as it will be stored, all at once.</summary>
internal sealed class ValidatingWebhooks(HookSelection selection, WebhookClient client)
{
    /// <exception cref="ApiException">The request is refused.</exception>
    public async Task RunAsync(IReadOnlyList<MatchedHook> hooks, AdmissionAttributes attributes)
    {
        var calls = new List<(MatchedHook Hook, Task<WebhookVerdict> Verdict)>();
        foreach (var hook in hooks)
        {
            if (await selection.ChooseAsync(hook, attributes) is { } view)
                calls.Add((hook, WebhookCall.AskAsync(client, hook, attributes, view.Object, view.OldObject, mutating: false)));
        }

        await Task.WhenAll(calls.Select(c => c.Verdict));
        ApiException? refusal = null;
        foreach (var (hook, call) in calls)
        {
            var verdict = await call;
            foreach (var warning in verdict.Warnings) attributes.Request.Warn(warning);
            if (verdict.Fault is { } fault && !hook.Hook.IgnoresFailures) refusal ??= Errors.Internal($"failed calling webhook \"{hook.Hook.Name}\": {fault}");
            refusal ??= verdict.Denial;
        }

        if (refusal is not null) throw refusal;
    }
}
