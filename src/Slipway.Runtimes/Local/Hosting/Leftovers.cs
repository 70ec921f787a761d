using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Slipway.Runtimes.Local.Hosting;

/// <summary>Ends engines that an earlier Slipway left running.</summary>
internal static partial class Leftovers
{
    public static async Task<int> EndAsync(LocalEngineHostOptions options, ILogger logger, CancellationToken cancellationToken)
    {
        var ended = 0;
        foreach (var note in PidFile.ReadAll(options).ToList())
        {
            if (note.IsRunning() && await KillAsync(note.Pid, cancellationToken))
            {
                LogEnded(logger, note.Pid, note.ModelPath);
                ended++;
            }

            note.Remove();
        }

        return ended;
    }

    /// <summary>At once by force: its watchdog asked politely already, or is dead, and an engine has nothing to save.</summary>
    private static async Task<bool> KillAsync(int pid, CancellationToken cancellationToken)
    {
        try
        {
            using var process = Process.GetProcessById(pid);
            process.Kill();
            await process.WaitForExitAsync(cancellationToken);
            return true;
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            return false; // it ended by itself meanwhile
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Ended an engine that an earlier run left behind: pid {Pid}, model {Model}")]
    private static partial void LogEnded(ILogger logger, int pid, string model);
}
