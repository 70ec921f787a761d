using Slipway.Api.ModelDeployments;
using Slipway.Capacity.Answers.Models;
using Slipway.Web.Deployments;
using Slipway.Web.Discover;
using Slipway.Web.Ui;
using static Slipway.Web.Languages.Words;

namespace Slipway.Web.Deploy;

/// <summary>What will happen if a manifest is declared, in one paragraph. Pure: nothing in it that was not chosen, read or computed.</summary>
internal static class Outlook
{
    public static string Of(ModelDeployment draft, RuntimePreview choice, string runtime, MachineFit? fit, Load load, PlanFact? cheapest)
    {
        var replicas = draft.Spec.Scaling?.Replicas ?? 1;
        var model = draft.Spec.Model.Id ?? T("the model in the image");
        if (choice is not { Engine: { } engine, Runtime: not null }) return T("Nothing here would run {0}: {1}.", model, choice.Engine is null ? choice.EngineReason : choice.RuntimeReason);
        var parts = new List<string>
        {
            replicas == 0
                ? T("Slipway keeps the declaration of {0} and starts nothing.", model)
                : Count(replicas, "Slipway starts {1} with {2} (runtime: {3}).", "Slipway starts {0} copies of {1} with {2} (runtime: {3}).", model, engine.DisplayName(), runtime),
        };
        if (draft.Spec.Scaling?.Autoscaling is { } follow && replicas > 0) parts.Add(T("With the load they become {0} to {1}.", follow.MinReplicas ?? 1, follow.MaxReplicas));
        if (fit is { WholeBytes: > 0 } && replicas > 0)
        {
            var taken = fit.Parts.Sum(static p => p.Bytes);
            parts.Add(fit.Tone is Tone.Bad
                ? fit.Reason
                : Count(replicas, "It takes about {1} of the {2} of {3}, with {4}.", "Each takes about {1} of the {2} of {3}, with {4}.", Say.Bytes(taken), Say.Bytes(fit.WholeBytes), fit.Where, T(load.Means)));
        }

        if (fit?.Speed is { } speed) parts.Add(T("One answer comes at {0}.", Say.Band(speed.TokensPerSecondPerUser, T("tokens a second"))));
        parts.Add(T("Programs ask for it as \u201c{0}\u201d.", ServedModel.RoutedName(draft)));
        if (cheapest is { PerMonth.Amount: not null }) parts.Add(T("Rented, the cheapest that holds this load would be {0} at {1}, {2} a month.", cheapest.MachineType, cheapest.Provider, Say.Money(cheapest.PerMonth)));
        return string.Join(' ', parts);
    }
}
