using System.Globalization;
using Slipway.Api.ModelDeployments;
using Slipway.Capacity.Answers.Models;
using Slipway.Web.Deployments;
using Slipway.Web.Discover;
using Slipway.Web.Ui;

namespace Slipway.Web.Deploy;

/// <summary>What will happen if a manifest is declared, in one paragraph. Pure: nothing in it that was not chosen, read or computed.</summary>
internal static class Outlook
{
    public static string Of(ModelDeployment draft, RuntimePreview choice, string runtime, MachineFit? fit, Load load, PlanFact? cheapest)
    {
        var replicas = draft.Spec.Scaling?.Replicas ?? 1;
        var model = draft.Spec.Model.Id ?? "the model in the image";
        if (choice is not { Engine: { } engine, Runtime: not null }) return $"Nothing here would run {model}: {(choice.Engine is null ? choice.EngineReason : choice.RuntimeReason)}.";
        var copies = replicas switch { 0 => $"Slipway keeps the declaration of {model} and starts nothing", 1 => $"Slipway starts {model}", _ => $"Slipway starts {replicas} copies of {model}" };
        var parts = new List<string> { $"{copies}{(replicas == 0 ? "" : $" with {engine.DisplayName()} (runtime: {runtime})")}." };
        if (draft.Spec.Scaling?.Autoscaling is { } follow && replicas > 0) parts.Add($"With the load they become {follow.MinReplicas ?? 1} to {follow.MaxReplicas}.");
        if (fit is { WholeBytes: > 0 } && replicas > 0)
        {
            var taken = fit.Parts.Sum(static p => p.Bytes);
            parts.Add(fit.Tone is Tone.Bad
                ? fit.Reason
                : string.Create(CultureInfo.InvariantCulture, $"{(replicas == 1 ? "It takes" : "Each takes")} about {Say.Bytes(taken)} of the {Say.Bytes(fit.WholeBytes)} of {fit.Where}, with {load.Means}."));
        }

        if (fit?.Speed is { } speed) parts.Add($"One answer comes at {Say.Band(speed.TokensPerSecondPerUser, "tokens a second")}.");
        parts.Add($"Programs ask for it as \u201c{ServedModel.RoutedName(draft)}\u201d.");
        if (cheapest is { PerMonth.Amount: not null }) parts.Add($"Rented, the cheapest that holds this load would be {cheapest.MachineType} at {cheapest.Provider}, {Say.Money(cheapest.PerMonth)} a month.");
        return string.Join(' ', parts);
    }
}
