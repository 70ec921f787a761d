using System.Net;
using System.Net.Sockets;
using Slipway.Commands;

namespace Slipway.Up;

/// <summary>Chooses ports: the one asked for, else the one of last time, else the usual one, else any that is free.</summary>
internal static class Ports
{
    /// <param name="asked">The port that the user gave.</param>
    /// <param name="option">The option for it, for the remedy.</param>
    /// <param name="preferred">Ports to try first when none was given.</param>
    /// <exception cref="CommandFailure">The port that was asked for is taken.</exception>
    public static int Choose(int? asked, string option, params ReadOnlySpan<int?> preferred)
    {
        if (asked is { } port)
        {
            return port == 0 || IsFree(port)
                ? port
                : throw new CommandFailure(
                    ExitCodes.Failed, $"Port {port} is in use by another program. Stop it (ss -ltnp 'sport = :{port}' names it), or give another {option}; without {option} a free one is chosen.");
        }

        foreach (var candidate in preferred)
        {
            if (candidate is { } number && IsFree(number)) return number;
        }

        return 0;
    }

    // Somebody may take the port between this look and the server's own: the server's error then says so.
    private static bool IsFree(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            // As Kestrel does: a port in TIME_WAIT after a restart counts as free.
            if (!OperatingSystem.IsWindows()) socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
