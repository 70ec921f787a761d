using System.Globalization;
using Slipway.Runtimes.Local.Commands;

namespace Slipway.Runtimes.Local.Hosting;

/// <summary>A note about a running engine, for the sweep of the next Slipway: its pid, when that process began, and its model.</summary>
/// <remarks>A pid alone proves nothing, because the system gives it to another process later.</remarks>
internal sealed record PidFile(string Path, int Pid, string Began, string ModelPath)
{
    public static PidFile Write(LocalEngineHostOptions options, EngineLaunch launch, int pid)
    {
        Directory.CreateDirectory(options.RunDirectory);
        var file = new PidFile(
            System.IO.Path.Combine(options.RunDirectory, $"{launch.Spec.Name}-{launch.Index}.pid"), pid, ProcessIdentity.Began(pid) ?? "", launch.Spec.ModelPath);
        File.WriteAllLines(file.Path, [pid.ToString(CultureInfo.InvariantCulture), file.Began, file.ModelPath]);
        return file;
    }

    public static IEnumerable<PidFile> ReadAll(LocalEngineHostOptions options)
    {
        if (!Directory.Exists(options.RunDirectory)) yield break;
        foreach (var path in Directory.EnumerateFiles(options.RunDirectory, "*.pid"))
        {
            if (File.ReadAllLines(path) is [var pid, var began, var model, ..] && int.TryParse(pid, CultureInfo.InvariantCulture, out var number))
                yield return new PidFile(path, number, began, model);
            else File.Delete(path);
        }
    }

    /// <summary>Whether the very process of this note is still running.</summary>
    public bool IsRunning() => Began.Length > 0 && ProcessIdentity.Began(Pid) == Began && ProcessIdentity.CommandLine(Pid).Contains(ModelPath, StringComparison.Ordinal);

    public void Remove()
    {
        try
        {
            File.Delete(Path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A note that stays is checked against the process it names, and harms nobody.
        }
    }
}

/// <summary>What tells one process from another that had the same pid.</summary>
internal static class ProcessIdentity
{
    /// <summary>When a process began, in a form that is only good for comparing; null when there is no such process.</summary>
    public static string? Began(int pid)
    {
        if (!OperatingSystem.IsLinux()) return Ps(pid, "lstart=");
        try
        {
            // proc_pid_stat(5): the 22nd field is the start in clock ticks since boot. The name in the 2nd may contain anything, even ')'.
            var stat = File.ReadAllText($"/proc/{pid}/stat");
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            // A process that has ended and was not reaped is no process. ('Z' in the 3rd field.)
            return fields[0] == "Z" ? null : $"{File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim()} {fields[19]}";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    public static string CommandLine(int pid)
    {
        if (!OperatingSystem.IsLinux()) return Ps(pid, "command=") ?? "";
        try
        {
            return File.ReadAllText($"/proc/{pid}/cmdline").Replace('\0', ' ');
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    private static string? Ps(int pid, string column)
    {
        var result = Command.RunAsync("ps", ["-o", column, "-p", pid.ToString(CultureInfo.InvariantCulture)]).GetAwaiter().GetResult();
        return result.Succeeded ? result.Output.Trim() : null;
    }
}
