using Slipway.Capacity.Answers;
using static Slipway.Web.Languages.Words;

namespace Slipway.Web.Hardware;

/// <summary>One unit of an accelerator on the map.</summary>
/// <param name="Class">Its class in the style sheet; empty for a free one.</param>
/// <param name="Title">Who has it.</param>
internal sealed record Unit(string Class, string Title)
{
    /// <summary>Free.</summary>
    public static Unit Free => new("", T("free"));
}

/// <summary>Lays out who has which unit. Which one of a kind it is, nobody knows; how many, they do. Pure.</summary>
internal static class UnitMap
{
    // More squares than that are a wall, not a map.
    private const int Most = 256;

    public static IReadOnlyList<Unit> Of(DeviceAnswer device)
    {
        var units = new List<Unit>();
        foreach (var holder in device.Holders)
        {
            var unit = holder.Deployment is { } model ? new Unit("used", T("model {0}", model)) : new Unit("other", T("pod {0}/{1}", holder.Namespace, holder.Pod));
            units.AddRange(Enumerable.Repeat(unit, (int)Math.Min(holder.Units, Most)));
        }

        if (device.Used is { } used && used > units.Count) units.AddRange(Enumerable.Repeat(new Unit("other", T("in use")), (int)Math.Min(used - units.Count, Most)));
        var broken = device.Allocatable is { } works ? Math.Max(0, device.Total - works) : 0;
        var free = Math.Max(0, device.Total - broken - units.Count);
        units.AddRange(Enumerable.Repeat(device.Free is null ? new Unit("", T("use unknown")) : Unit.Free, (int)Math.Min(free, Most)));
        units.AddRange(Enumerable.Repeat(new Unit("broken", T("does not work")), (int)Math.Min(broken, Most)));
        return units.Count > Most ? units.GetRange(0, Most) : units;
    }
}
