using System.ComponentModel;
using System.Diagnostics;

namespace Slipway.Runtimes.Local.Commands;

/// <summary>Outcome of a program that was run to its end.</summary>
/// <param name="ExitCode">Its exit code; -1 when it could not be started.</param>
/// <param name="Output">What it wrote on standard output.</param>
/// <param name="Errors">What it wrote on standard error, or why it could not be started.</param>
public sealed record CommandResult(int ExitCode, string Output, string Errors)
{
    /// <summary>Whether it ended with exit code 0.</summary>
    public bool Succeeded => ExitCode == 0;

    /// <summary>The last lines that it wrote, errors first; for messages to people.</summary>
    public string LastWords()
    {
        var lines = (string.IsNullOrWhiteSpace(Errors) ? Output : Errors).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return string.Join(" / ", lines.TakeLast(4));
    }
}

/// <summary>Runs a program with a list of arguments; no shell is in between, so no argument can become code.</summary>
public static class Command
{
    /// <summary>Runs a program to its end and collects what it wrote.</summary>
    /// <param name="path">The program: a path, or a name on PATH.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="environment">Variables to set beside those of this process.</param>
    /// <param name="onLine">Told each line of standard output as it comes.</param>
    /// <param name="cancellationToken">Kills the program and its children.</param>
    /// <returns>Its outcome; a program that is not there is an outcome, too.</returns>
    public static async Task<CommandResult> RunAsync(
        string path,
        IEnumerable<string> arguments,
        IReadOnlyDictionary<string, string>? environment = null,
        Action<string>? onLine = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var start = new ProcessStartInfo(path, arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // Messages are read here: they must be in one language.
        start.Environment["LC_ALL"] = "C.UTF-8";
        foreach (var (name, value) in environment ?? new Dictionary<string, string>()) start.Environment[name] = value;
        using var process = new Process { StartInfo = start };
        try
        {
            process.Start();
        }
        catch (Win32Exception e)
        {
            return new CommandResult(-1, "", $"{path} could not be started: {e.Message}");
        }

        process.StandardInput.Close();
        var errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
        var output = ReadLinesAsync(process.StandardOutput, onLine);
        try
        {
            await process.WaitForExitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        return new CommandResult(process.ExitCode, await output, await errors);
    }

    /// <summary>The full path of a program on PATH; null when there is none.</summary>
    /// <param name="name">Name of the program.</param>
    /// <param name="searchPath">Value of PATH.</param>
    public static string? Find(string name, string? searchPath) =>
        (searchPath ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, name)).FirstOrDefault(IsExecutable);

    private static bool IsExecutable(string path) =>
        File.Exists(path) && (OperatingSystem.IsWindows()
            || (File.GetUnixFileMode(path) & (UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute)) != UnixFileMode.None);

    private static async Task<string> ReadLinesAsync(StreamReader reader, Action<string>? onLine)
    {
        if (onLine is null) return await reader.ReadToEndAsync(CancellationToken.None);
        var lines = new List<string>();
        while (await reader.ReadLineAsync(CancellationToken.None) is { } line)
        {
            lines.Add(line);
            onLine(line);
        }

        return string.Join('\n', lines);
    }
}
