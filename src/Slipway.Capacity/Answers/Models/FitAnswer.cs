using System.Collections.Immutable;
using Slipway.Capacity.Planning;

namespace Slipway.Capacity.Answers.Models;

/// <summary>A part of the memory of the fullest device.</summary>
/// <param name="Kind">What takes it.</param>
/// <param name="Bytes">How much.</param>
/// <param name="Why">By which formula, in words.</param>
public sealed record MemoryPartFact(string Kind, long Bytes, string Why);

/// <summary>The memory of the fullest device.</summary>
/// <param name="DeviceBytes">All of the device.</param>
/// <param name="BudgetBytes">What the engine may take of it.</param>
/// <param name="Parts">What is taken; they add up.</param>
public sealed record MemoryFact(long DeviceBytes, long BudgetBytes, ImmutableArray<MemoryPartFact> Parts);

/// <summary>Something that would make a model fit, tried by the same sums.</summary>
/// <param name="Kind">What is changed.</param>
/// <param name="Message">It in words.</param>
/// <param name="Value">To what, as a number; null where it is none.</param>
public sealed record FitOptionFact(string Kind, string Message, double? Value);

/// <summary>A model on one kind of accelerator.</summary>
/// <param name="Accelerator">The key in the table of accelerators.</param>
/// <param name="Name">Its name.</param>
/// <param name="Verdict"><c>Fits</c>, <c>Tight</c>, <c>DoesNotFit</c>, <c>Refused</c>.</param>
/// <param name="Reason">Why, in words.</param>
/// <param name="Devices">The fewest devices of one machine that hold it; the most that were tried when none do.</param>
/// <param name="LargestConcurrency">Most requests at once of the asked length.</param>
/// <param name="LargestContext">Most tokens of a request at the asked concurrency.</param>
/// <param name="Memory">The memory of the fullest device; null when the engine would not start.</param>
/// <param name="Options">What would make it fit.</param>
/// <param name="Speed">How fast; null when it does not fit.</param>
public sealed record FitAnswer(
    string Accelerator, string Name, string Verdict, string Reason, int Devices, long LargestConcurrency, long LargestContext, MemoryFact? Memory,
    ImmutableArray<FitOptionFact> Options, SpeedAnswer? Speed)
{
    /// <summary>Of what was computed.</summary>
    public static FitAnswer Of(AcceleratorFit row)
    {
        ArgumentNullException.ThrowIfNull(row);
        var fit = row.Fit;
        return new FitAnswer(
            row.Accelerator.Key, row.Accelerator.Name, fit.Verdict.ToString(), fit.Reason, fit.Layout.Devices, fit.LargestConcurrency, fit.LargestContext,
            fit.Estimate is { } e ? new MemoryFact(e.DeviceBytes, e.BudgetBytes, [.. e.Parts.Select(static p => new MemoryPartFact(p.Kind.ToString(), p.Bytes, p.Why))]) : null,
            [.. fit.Options.Select(static o => new FitOptionFact(o.Kind.ToString(), o.Message, o.Value))],
            row.Speed is { } speed ? SpeedAnswer.Of(speed) : null);
    }
}
