using System.Globalization;

namespace Slipway.Capacity.Accelerators;

/// <summary>A slice of an NVIDIA GPU in multi-instance mode, as its name says: <c>1g.5gb</c>, <c>3g.40gb</c>, <c>1g.10gb+me</c>, <c>1c.3g.20gb</c>.</summary>
/// <param name="ComputeSlices">Compute slices: the number before <c>g</c>, or before <c>c</c> where a slice is cut again.</param>
/// <param name="MemoryGb">Memory as the name says it, GB.</param>
/// <param name="Name">The name without extras such as <c>+me</c>.</param>
/// <remarks>Names: <see href="https://docs.nvidia.com/datacenter/tesla/mig-user-guide/"/>, "MIG device names".</remarks>
public sealed record MigProfile(int ComputeSlices, int MemoryGb, string Name)
{
    private const int MemorySlices = 8;

    /// <summary>Reads a profile's name.</summary>
    /// <returns>The profile, or null when the text is none.</returns>
    public static MigProfile? Parse(ReadOnlySpan<char> text)
    {
        // In a resource's name "+me" is written ".me", because "+" may not stand there; in a label's value likewise.
        var end = text.IndexOf("gb", StringComparison.OrdinalIgnoreCase);
        if (end < 0 || text.Length > 32) return null;
        var extras = text[(end + 2)..];
        if (!extras.IsEmpty && extras[0] is not ('+' or '.' or '-')) return null;
        var body = text[..end];
        int? cut = null;
        if (body.IndexOf('c') is var c and > 0)
        {
            if (Number(body[..c]) is not { } parts || body.Length <= c + 1 || body[c + 1] != '.') return null;
            cut = parts;
            body = body[(c + 2)..];
        }

        var g = body.IndexOf('g');
        if (g <= 0 || body.Length <= g + 2 || body[g + 1] != '.') return null;
        if (Number(body[..g]) is not { } slices || Number(body[(g + 2)..]) is not { } memory || cut > slices) return null;
        return new MigProfile(cut ?? slices, memory, text[..(end + 2)].ToString());
    }

    /// <summary>
    /// The slice as a part of a whole device. Memory comes in eighths, and the name rounds them, so the share is the nearest eighth to
    /// the named size over the device's; compute comes in the device's number of slices.
    /// </summary>
    /// <returns>The part, or null when the device has no MIG or the profile is none of its own.</returns>
    public DeviceFraction? On(AcceleratorFacts device)
    {
        if (device.MigSlices is not { } slices || ComputeSlices > slices) return null;
        var eighths = MemoryGb * MemorySlices * (1024d * 1024 * 1024) / device.Device.MemoryBytes;
        var nearest = Math.Round(eighths);
        if (nearest is < 1 or > MemorySlices || Math.Abs(eighths - nearest) > 0.35) return null;
        return new DeviceFraction(nearest / MemorySlices, (double)ComputeSlices / slices, $"MIG {Name}");
    }

    private static int? Number(ReadOnlySpan<char> text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value is > 0 and < 1000 ? value : null;
}
