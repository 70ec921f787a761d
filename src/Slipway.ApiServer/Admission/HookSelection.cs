using Slipway.ApiServer.Http;

namespace Slipway.ApiServer.Admission;

/// <summary>Decides by labels and conditions whether a webhook whose rules match is asked.</summary>
internal sealed class HookSelection(NamespaceLabels namespaces, ObjectViews views)
{
    /// <returns>The objects to ask about, or <see langword="null"/> when the webhook is not concerned.</returns>
    /// <exception cref="ApiException">A condition cannot be evaluated, and failures count.</exception>
    public async ValueTask<ObjectView?> ChooseAsync(MatchedHook matched, AdmissionAttributes attributes)
    {
        var hook = matched.Hook;
        if (!hook.Match.Chooses(attributes, namespaces)) return null;
        var view = await views.OfAsync(attributes, matched.Resource);
        if (hook.Conditions.IsEmpty) return view;
        var activation = new AdmissionActivation(attributes, matched.Resource, view.Object, view.OldObject, () => null);
        var (matches, error) = hook.Conditions.Evaluate(activation, hook.IgnoresFailures);
        if (error is not null) throw attributes.Forbidden(error);
        return matches ? view : null;
    }
}
