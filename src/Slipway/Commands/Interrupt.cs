using System.Runtime.InteropServices;

namespace Slipway.Commands;

/// <summary>Turns Ctrl-C, SIGTERM and SIGHUP into cancellation.</summary>
internal sealed class Interrupt : IDisposable
{
    private static CancellationTokenSource? s_turn;

    private readonly CancellationTokenSource _source;
    private readonly List<PosixSignalRegistration> _registrations;

    private Interrupt(CancellationToken also)
    {
        _source = CancellationTokenSource.CreateLinkedTokenSource(also);
        _registrations = [.. new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP }.Select(s => PosixSignalRegistration.Create(s, OnSignal))];
    }

    public CancellationToken Token => _source.Token;

    public static Interrupt Link(CancellationToken also) => new(also);

    /// <summary>Until it is disposed, Ctrl-C stops this turn of a conversation and not the command.</summary>
    public static Turn BeginTurn() => new();

    public void Dispose()
    {
        foreach (var registration in _registrations) registration.Dispose();
        _source.Dispose();
    }

    private void OnSignal(PosixSignalContext context)
    {
        if (context.Signal is PosixSignal.SIGINT && Volatile.Read(ref s_turn) is { IsCancellationRequested: false } turn)
        {
            context.Cancel = true;
            turn.Cancel();
            return;
        }

        // A second signal means it: the default action ends the process, and the engines' watchdogs end the engines.
        context.Cancel = !_source.IsCancellationRequested;
        _source.Cancel();
    }

    /// <summary>A turn of a conversation, which Ctrl-C stops.</summary>
    public sealed class Turn : IDisposable
    {
        private readonly CancellationTokenSource _stop = new();

        public Turn() => Volatile.Write(ref s_turn, _stop);

        public CancellationToken Token => _stop.Token;

        public void Dispose()
        {
            Volatile.Write(ref s_turn, null);
            _stop.Dispose();
        }
    }
}
