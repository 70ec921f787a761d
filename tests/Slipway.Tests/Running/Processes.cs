using System.Text;

namespace Slipway.Tests.Running;

/// <summary>Looks at the machine's processes (Linux).</summary>
internal static class Processes
{
    /// <summary>The engines that serve models of some data, by process id.</summary>
    public static IReadOnlyList<int> Engines(string marker) => [.. All(marker).Where(pid => CommandLine(pid)?.Contains("/bin/sh", StringComparison.Ordinal) == false)];

    /// <summary>The engines and the watchers that end them with Slipway.</summary>
    public static IReadOnlyList<int> All(string marker) =>
        [.. Directory.EnumerateDirectories("/proc").Select(Path.GetFileName).Where(n => int.TryParse(n, out _)).Select(int.Parse!)
            .Where(pid => CommandLine(pid) is { } line && line.Contains("--alias", StringComparison.Ordinal) && line.Contains(marker, StringComparison.Ordinal))];

    public static void Kill(int pid) => System.Diagnostics.Process.GetProcessById(pid).Kill();

    private static string? CommandLine(int pid)
    {
        try
        {
            return Encoding.UTF8.GetString(File.ReadAllBytes($"/proc/{pid}/cmdline")).Replace('\0', ' ');
        }
        catch (IOException)
        {
            return null;
        }
    }
}
