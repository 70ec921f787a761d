using System.Collections.Immutable;
using Slipway.Models.Hardware;

namespace Slipway.Capacity.Accelerators;

/// <summary>Which accelerator something is, by what a node's labels or a device's attributes say.</summary>
public abstract record AcceleratorMatch
{
    private AcceleratorMatch()
    {
    }

    /// <summary>It is known.</summary>
    /// <param name="Facts">The table's row.</param>
    /// <param name="Device">The whole device's figures, with the memory that was seen where one was.</param>
    /// <param name="Fraction">What one unit of the resource is of it.</param>
    /// <param name="Seen">What it was known by, as <c>label=value</c>.</param>
    /// <param name="Note">What is doubtful about it; empty when nothing is.</param>
    public sealed record Known(AcceleratorFacts Facts, Accelerator Device, DeviceFraction Fraction, string Seen, string Note = "") : AcceleratorMatch
    {
        /// <summary>Memory that one unit of the resource can count on, bytes.</summary>
        public long UnitMemoryBytes => (long)(Device.MemoryBytes * Fraction.Memory);
    }

    /// <summary>There is one, and what it is cannot be told.</summary>
    /// <param name="Reason">Why, in words for a user.</param>
    /// <param name="Seen">What was seen, as <c>label=value</c>.</param>
    /// <param name="Candidates">Keys of the rows that it may be; empty when none is near.</param>
    public sealed record Unknown(string Reason, ImmutableArray<string> Seen, ImmutableArray<string> Candidates) : AcceleratorMatch;
}
