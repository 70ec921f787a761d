using System.Globalization;

namespace Slipway.Capacity.Inventory.Local;

/// <summary>Memory of a Linux machine: <c>/proc/meminfo</c>, and the limit of the control group that a container runs in.</summary>
internal static class LinuxMemory
{
    public static (long? Total, long? Available) Read(string root)
    {
        var meminfo = LocalFiles.Text(root, "proc", "meminfo") ?? "";
        var total = Line(meminfo, "MemTotal:");
        // cgroup v2, then v1; "max", or a limit above the machine's memory, is none.
        var limit = Number(LocalFiles.Text(root, "sys", "fs", "cgroup", "memory.max")) ?? Number(LocalFiles.Text(root, "sys", "fs", "cgroup", "memory", "memory.limit_in_bytes"));
        var used = Number(LocalFiles.Text(root, "sys", "fs", "cgroup", "memory.current")) ?? Number(LocalFiles.Text(root, "sys", "fs", "cgroup", "memory", "memory.usage_in_bytes"));
        var available = Line(meminfo, "MemAvailable:");
        if (limit is not { } most || most >= total) return (total, available);
        return (most, Math.Min(available ?? long.MaxValue, Math.Max(0, most - (used ?? 0))));
    }

    private static long? Line(string meminfo, string name)
    {
        foreach (var line in meminfo.AsSpan().EnumerateLines())
        {
            if (line.StartsWith(name, StringComparison.Ordinal) && line.EndsWith("kB", StringComparison.Ordinal)) return Number(line[name.Length..^2]) * 1024;
        }

        return null;
    }

    private static long? Number(ReadOnlySpan<char> text) =>
        long.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value < long.MaxValue / 1024 ? value : null;
}
