using System.Collections.Immutable;
using Slipway.Models.Hardware;

namespace Slipway.Capacity.Accelerators;

/// <summary>One row of the table of accelerators: its figures, how clusters name it, and where all of that was read.</summary>
public sealed record AcceleratorFacts
{
    /// <summary>The figures that estimates use, of one device as the driver and Kubernetes count devices.</summary>
    public required Accelerator Device { get; init; }

    /// <summary>CUDA compute capability (<c>9.0</c>), gfx target (<c>gfx942</c>) or Metal version; empty when unknown.</summary>
    public required string ComputeCapability { get; init; }

    /// <summary>Whether <see cref="Accelerator.MemoryBytes"/> is what the driver reports; otherwise it is the nominal size, which is a few per cent more.</summary>
    public required bool MemoryIsReported { get; init; }

    /// <summary>Compute slices that MIG cuts the device into (7, or 4 on smaller ones); null when it has no MIG.</summary>
    public int? MigSlices { get; init; }

    /// <summary>The extended resource that its device plugin offers, as in <c>nvidia.com/gpu</c>; empty outside Kubernetes.</summary>
    public required string Resource { get; init; }

    /// <summary>Exact values of the vendor's product label.</summary>
    public required ImmutableArray<string> Products { get; init; }

    /// <summary>Exact values of GKE's accelerator label (<c>gke-accelerator</c>, <c>gke-tpu-accelerator</c>).</summary>
    public required ImmutableArray<string> GkeNames { get; init; }

    /// <summary>PCI ids, <c>vendor:device</c> in lower-case hexadecimal.</summary>
    public required ImmutableArray<string> DeviceIds { get; init; }

    /// <summary>Whether it can be had; false when it is only announced.</summary>
    public required bool Available { get; init; }

    /// <summary>Where the figures were read.</summary>
    public required string Source { get; init; }

    /// <summary>Day on which the row was taken into the table.</summary>
    public required DateOnly Taken { get; init; }

    /// <summary>What one should know about the figures, such as sources that disagree.</summary>
    public required string Note { get; init; }

    /// <summary>Columns of the row whose content was not read in a source that can be named: defaults to be checked, not facts.</summary>
    public required ImmutableArray<string> Unread { get; init; }
}
