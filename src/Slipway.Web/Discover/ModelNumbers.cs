using Slipway.Capacity.Answers.Models;
using static Slipway.Web.Languages.Words;

namespace Slipway.Web.Discover;

/// <summary>What a card or a column of a comparison says of a model, once its own files were read.</summary>
/// <param name="Model">What it is; null when it could not be read.</param>
/// <param name="Fit">Whether it fits on the hardware in view, with its speed there; null when that is not known.</param>
/// <param name="Rented">The cheapest machine that runs it with the hardware in view, or with any accelerator when there is none here; null when there is none.</param>
/// <param name="Missing">What is not known, and why; null when everything is.</param>
public sealed record ModelNumbers(ModelFact? Model, MachineFit? Fit, PlanFact? Rented, string? Missing)
{
    /// <summary>The longest prompt and answer together, tokens.</summary>
    public long? Context => Model?.ContextLength;

    /// <summary>How fast one answer is: on the hardware in view, else on the machine to rent.</summary>
    public SpeedAnswer? Speed => Fit?.Speed ?? Rented?.Speed;

    /// <summary>Where that speed is.</summary>
    public string? SpeedOn => Fit?.Speed is not null ? Fit.Where : Rented?.Name;

    /// <summary>The machine to rent, in words.</summary>
    public string? RentedAs => Rented is null ? null : T("{0}, {1} of {2} {3}, {4}", Rented.MachineType, Rented.DevicesPerReplica, Rented.MachineDevices, Rented.Name, $"{Rented.Provider} {Rented.Region}") + (Rented.Price is { } price ? T("; {0}, as of {1}", price.Terms, price.AsOf) : "");
}
