using System.Diagnostics;

namespace Slipway.Runtimes.Local.Hosting;

/// <summary>Ties an engine's life to this process's, also when this process is killed with SIGKILL.</summary>
/// <remarks>
/// The engine is started by a POSIX shell that leaves a small watcher behind and then becomes the engine (exec), so the pid is the engine's
/// own. The watcher reads a pipe whose other end only this process holds. At its end, which the kernel brings about when this process dies
/// in whatever way, the watcher sends TERM, and KILL after 2 seconds. Stopping an engine on purpose is closing the pipe: one way for both.
/// The watcher holds the engine's standard error open (4), so that it ends with the later of the two: who has read it to its end knows
/// that nothing is left. PR_SET_PDEATHSIG would not do: it fires when the thread that started the engine ends, and here that is a pool thread.
/// </remarks>
internal static class Watchdog
{
    /// <summary>Written before the pipe is closed when the engine has ended by itself: its pid may be another process's by now.</summary>
    public const string EngineIsGone = "gone";

    private const string Script = """
        exec 3<&0 </dev/null
        (
          trap '' INT TERM HUP
          while read -r word <&3; do [ "$word" = gone ] && exit 0; done
          kill -TERM $$
          n=0
          while [ $n -lt 20 ] && kill -0 $$; do sleep 0.1; n=$((n + 1)); done
          kill -0 $$ && kill -KILL $$
        ) 4>&2 >/dev/null 2>&1 &
        exec 3<&-
        exec "$@"
        """;

    /// <summary>How to start a program under a watcher.</summary>
    public static ProcessStartInfo Start(string program, IEnumerable<string> arguments) =>
        new("/bin/sh", ["-c", Script, "slipway-engine", program, .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
}
