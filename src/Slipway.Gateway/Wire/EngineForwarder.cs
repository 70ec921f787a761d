using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Http;
using Slipway.Gateway.Metering;
using Slipway.Gateway.Picking;
using Slipway.Gateway.Recording;
using Slipway.Gateway.Routing;

namespace Slipway.Gateway.Wire;

/// <summary>What became of a request that was taken to an engine.</summary>
internal enum ForwardOutcome
{
    /// <summary>The client has the engine's answer, whatever it says.</summary>
    Done,

    /// <summary>The client has gone.</summary>
    ClientGone,

    /// <summary>Nobody accepts connections there; the client has nothing yet.</summary>
    Unreachable,

    /// <summary>The engine has no room for it now (503, 429), and a retry was taken to ask another; the client has nothing yet.</summary>
    TurnedAway,

    /// <summary>The engine said nothing for too long; the client has nothing yet.</summary>
    Silent,

    /// <summary>The engine ended the connection, or what it said is no HTTP; the client has nothing yet.</summary>
    Broken,

    /// <summary>The same, in the middle of an answer: the client's connection was ended too, so that half an answer is not taken for a whole one.</summary>
    Cut,
}

/// <summary>What became of a request, and what its answer told.</summary>
/// <param name="Outcome">What became of it.</param>
/// <param name="Answer">What the answer told; nothing where there was none.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Forwarded(ForwardOutcome Outcome, AnswerFigures Answer = default);

/// <summary>
/// Carries requests to engines and answers back, over kept HTTP/1.1 connections. It does what a gateway on a hot path needs and no more: one
/// engine protocol, no redirects, no cookies, no proxies; see docs/designs/0003-the-gateways-own-wire.md for the figures beside a general client.
/// </summary>
internal sealed class EngineForwarder : IDisposable
{
    private static readonly TimeSpan s_sweep = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<string, EnginePool> _pools = new(StringComparer.Ordinal);
    private readonly TimeProvider _time;
    private readonly ITimer _sweeping;

    /// <param name="time">The clock.</param>
    /// <param name="silence">How long an engine may say nothing: it may think for long before its first token.</param>
    public EngineForwarder(TimeProvider time, TimeSpan silence)
    {
        (_time, Silence) = (time, silence);
        _sweeping = time.CreateTimer(static state => ((EngineForwarder)state!).Sweep(), this, s_sweep, s_sweep);
    }

    /// <summary>How long an engine may say nothing.</summary>
    public TimeSpan Silence { get; }

    /// <summary>Takes a request to an engine.</summary>
    /// <param name="context">The client's request.</param>
    /// <param name="backend">The engine.</param>
    /// <param name="capture">Gets a copy of what is said; null for nobody.</param>
    /// <param name="retries">Where another engine may have the request: what asking that one is taken from. Null where this is the last one.</param>
    public async Task<Forwarded> SendAsync(HttpContext context, Backend backend, Capture? capture = null, RetryBudget? retries = null)
    {
        var pool = _pools.GetOrAdd(backend.Address, static (_, made) => new EnginePool(made.Wire, made.Time), (backend.Wire, Time: _time));
        for (var fresh = false; ; fresh = true)
        {
            EngineConnection connection;
            try
            {
                connection = await pool.TakeAsync(fresh, context.RequestAborted);
            }
            catch (Exception unreachable) when (unreachable is SocketException or TimeoutException)
            {
                return new Forwarded(ForwardOutcome.Unreachable);
            }
            catch (OperationCanceledException)
            {
                return new Forwarded(ForwardOutcome.ClientGone);
            }

            var exchange = new Exchange(context, connection, pool.Address, capture, retries);
            var clientGone = context.RequestAborted.UnsafeRegister(static c => ((EngineConnection)c!).Abort(), connection);
            var (outcome, again) = await exchange.RunAsync();
            // Before anybody else may have the connection.
            await clientGone.DisposeAsync();
            var answer = connection.Meter.Read();
            if (exchange.Reusable) pool.Return(connection);
            else pool.Drop(connection);
            if (!again) return new Forwarded(outcome, answer);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _sweeping.Dispose();
        foreach (var pool in _pools.Values) pool.Dispose();
    }

    private void Sweep()
    {
        foreach (var pool in _pools.Values) pool.Sweep(Silence);
    }
}
