namespace Slipway.Models.Hardware;

/// <summary>
/// What an estimate has to know of one accelerator (one GPU, one TPU chip, one Apple machine's GPU). The table of real ones is
/// Slipway.Capacity's; estimates take this record, so that a test or a user can describe hardware that no table lists.
/// A figure that nobody knows is <c>null</c>, never 0.
/// </summary>
public sealed record Accelerator
{
    /// <summary>Short stable name, as in <c>h100_sxm</c>.</summary>
    public required string Key { get; init; }

    /// <summary>The name that people use, as in <c>H100 SXM</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Memory of one device in bytes: as its driver reports it where that is known, else the nominal size.</summary>
    public required long MemoryBytes { get; init; }

    /// <summary>Who makes it, in lower case: <c>nvidia</c>, <c>amd</c>, <c>google</c>, <c>apple</c> …; empty when unknown.</summary>
    public string Vendor { get; init; } = "";

    /// <summary>The chip's generation, as in <c>Hopper</c>; empty when unknown.</summary>
    public string Architecture { get; init; } = "";

    /// <summary>Peak memory bandwidth of one device, bytes a second.</summary>
    public double? BandwidthBytesPerSecond { get; init; }

    /// <summary>Dense 16-bit multiply-accumulate rate (bfloat16 or float16, no sparsity), floating-point operations a second.</summary>
    public double? Fp16FlopsPerSecond { get; init; }

    /// <summary>Dense 8-bit floating-point rate; <c>null</c> when the device has none or nobody says.</summary>
    public double? Fp8FlopsPerSecond { get; init; }

    /// <summary>Dense 8-bit integer rate; <c>null</c> when the device has none or nobody says.</summary>
    public double? Int8OpsPerSecond { get; init; }

    /// <summary>Dense 4-bit floating-point rate; <c>null</c> when the device has none or nobody says.</summary>
    public double? Fp4FlopsPerSecond { get; init; }

    /// <summary>Bandwidth of the links between devices of one node, both directions added, bytes a second for each device.</summary>
    public double? LinkBytesPerSecond { get; init; }

    /// <summary>What the link is, as in <c>NVLink4</c>; empty when unknown.</summary>
    public string Link { get; init; } = "";
}
