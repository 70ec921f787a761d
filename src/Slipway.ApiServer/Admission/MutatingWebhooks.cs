using Slipway.ApiServer.Http;
using Slipway.ApiServer.Json;
using Slipway.ApiServer.Patch;
using Slipway.ApiServer.Requests;
using Slipway.ApiServer.Schemas;
using Slipway.ApiServer.Webhooks;

namespace Slipway.ApiServer.Admission;

/// <summary>
/// Asks mutating webhooks one after the other, each about the object as those before it left it. When one changed the object,
/// those before it that want to be asked again are, once (KEP-1144).
/// </summary>
internal sealed class MutatingWebhooks(HookSelection selection, WebhookClient client, ObjectViews views)
{
    /// <exception cref="ApiException">The request is refused.</exception>
    public async Task RunAsync(IReadOnlyList<MatchedHook> hooks, AdmissionAttributes attributes)
    {
        var again = new HashSet<MatchedHook>();
        var asked = new HashSet<MatchedHook>();
        foreach (var hook in hooks) await RunAsync(hook, attributes, asked, again);
        // What is asked again may change something too, which those after it hear of in the same round, and nobody in another one.
        foreach (var hook in hooks)
            if (again.Contains(hook)) await RunAsync(hook, attributes, asked, again);
    }

    private async Task RunAsync(MatchedHook hook, AdmissionAttributes attributes, HashSet<MatchedHook> asked, HashSet<MatchedHook> again)
    {
        if (await RunAsync(hook, attributes) is not { } changed) return;
        if (changed) again.UnionWith(asked);
        if (hook.Hook.Reinvokes) asked.Add(hook);
    }

    /// <returns>Whether the object changed, or <see langword="null"/> when the webhook was not asked.</returns>
    private async Task<bool?> RunAsync(MatchedHook matched, AdmissionAttributes attributes)
    {
        if (await selection.ChooseAsync(matched, attributes) is not { } view) return null;
        var hook = matched.Hook;
        var verdict = await WebhookCall.AskAsync(client, matched, attributes, view.Object, view.OldObject, mutating: true);
        foreach (var warning in verdict.Warnings) attributes.Request.Warn(warning);
        if (verdict.Denial is { } denial) throw denial;
        if (verdict.Fault is { } fault)
            return hook.IgnoresFailures ? false : throw Errors.Internal($"failed calling webhook \"{hook.Name}\": {fault}");
        if (verdict.Patch.Count == 0) return false;
        if (view.Object is null)
            throw Errors.Internal($"admission webhook \"{hook.Name}\" attempted to modify the object, which is not supported for this operation");
        var patched = Patched(view.Object, verdict.Patch);
        Complete(patched, matched.Resource, attributes);
        if (JsonValues.Same(patched, view.Object)) return false;
        attributes.Object = await views.BackAsync(attributes, matched.Resource, patched);
        return true;
    }

    private static JsonMap Patched(JsonMap value, JsonList operations)
    {
        try
        {
            return JsonPatch.Apply(JsonValues.Copy(value), operations) as JsonMap ?? throw Errors.Internal("the patch of a webhook leaves something that is no object");
        }
        catch (ApiException e) when (e.Code != 500)
        {
            // The client sent nothing wrong: the words stay, the blame does not.
            const string Lead = "the server rejected our request due to an error in our request: ";
            throw Errors.Internal(e.Message.StartsWith(Lead, StringComparison.Ordinal) ? e.Message[Lead.Length..] : e.Message);
        }
    }

    // As after decoding a request: unknown fields go, defaults come.
    private static void Complete(JsonMap value, MatchedResource resource, AdmissionAttributes attributes)
    {
        if (attributes.Subresource is "scale" or "eviction" or "binding") return;
        Pruner.Prune(value, resource.Version.Schema, []);
        Defaulter.DropNulls(value, resource.Version.Schema);
        ObjectRules.Complete(resource.Type, resource.Version, value);
    }
}
