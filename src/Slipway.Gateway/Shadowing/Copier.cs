using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Slipway.Gateway.Picking;
using Slipway.Gateway.Recording;
using Slipway.Gateway.Records;
using Slipway.Gateway.Routing;
using Slipway.Gateway.Wire;

namespace Slipway.Gateway.Shadowing;

/// <summary>
/// Asks candidates what users asked, once those have their answers. No user waits for it: a copy is bytes that went by, asked by another task over another connection, and where there are as many as there may be it is dropped
/// and counted. What is answered is timed, counted and thrown away.
/// </summary>
/// <param name="forwarder">Carries copies.</param>
/// <param name="records">Hears of them.</param>
/// <param name="time">The clock.</param>
internal sealed class Copier(EngineForwarder forwarder, RequestLog records, TimeProvider time)
{
    // Bodies that are held for requests that users still wait for; each at most as large as what is recorded.
    private const int MostHeld = 32;
    private const long MostBytes = 16L * 1024 * 1024;

    private readonly Blocks _blocks = new(MostBytes);
    private readonly ConcurrentDictionary<string, Slots> _slots = new(StringComparer.Ordinal);

    /// <summary>Begins to take down a request, if it is one that is copied.</summary>
    /// <param name="route">Who answers the user.</param>
    /// <param name="capture">What takes it down already; null for nothing.</param>
    /// <param name="length">How long the request is, where its head says so.</param>
    /// <returns>Takes it down; null where it is not copied.</returns>
    public Capture? Begin(Route route, Capture? capture, long? length)
    {
        if (route.Copying is not { } copying || copying.Candidate.Backends.IsEmpty || !copying.Takes(Random.Shared)) return null;
        var slots = Of(copying);
        if (slots.TryHold()) return capture ?? new Capture(null, _blocks, length);
        records.NotCopied(copying.Candidate);
        return null;
    }

    /// <summary>The user has the answer, or not.</summary>
    /// <param name="taken">What was taken down.</param>
    /// <param name="context">The user's request.</param>
    /// <param name="asked">What is known of it.</param>
    /// <param name="route">Who answered.</param>
    /// <param name="dealt">What was answered: what came to nothing here says nothing of the candidate.</param>
    public void End(Capture taken, HttpContext context, in Asked asked, Route route, in Dealt dealt)
    {
        var copying = route.Copying!;
        var slots = Of(copying);
        slots.Let();
        if (dealt.Forwarded.Outcome is not ForwardOutcome.Done || context.Response.StatusCode != StatusCodes.Status200OK || dealt.Forwarded.Answer.Failed) return;
        if (taken.TooLong || taken.NoRoom || !slots.TryAsk(copying.Concurrency))
        {
            records.NotCopied(copying.Candidate);
            return;
        }

        // Of the request nothing is kept but what it asks: no key, no session, no name of a user's.
        var (body, path, type) = (taken.RequestBytes(), context.Request.Path, context.Request.Headers.ContentType);
        var operation = asked.Operation;
        _ = Task.Run(() => AskAsync(copying, slots, body, path, type, operation));
    }

    private async Task AskAsync(Copying copying, Slots slots, byte[] body, PathString path, StringValues type, RequestOperation operation)
    {
        var candidate = copying.Candidate;
        var asked = records.Read(operation);
        var dealt = new Dealt(new Forwarded(ForwardOutcome.Broken), null, 0);
        var context = new DefaultHttpContext();
        using var patience = new CancellationTokenSource(copying.Patience, time);
        candidate.Traffic.Enter();
        try
        {
            using var stream = new MemoryStream(body, writable: false);
            (context.Request.Method, context.Request.Path, context.Request.Body, context.Request.ContentLength) = (HttpMethods.Post, path, stream, body.Length);
            context.Request.Headers.ContentType = type;
            context.RequestAborted = patience.Token;
            var backend = Picks.Any(candidate.Backends, time);
            backend.Enter();
            try
            {
                dealt = new Dealt(await forwarder.SendAsync(context, backend), backend, 1);
            }
            finally
            {
                backend.Leave();
            }
        }
        finally
        {
            candidate.Traffic.Leave();
            slots.Done();
            // Nobody went away here but our own patience.
            if (patience.IsCancellationRequested && dealt.Forwarded.Outcome is ForwardOutcome.ClientGone or ForwardOutcome.Cut) dealt = dealt with { Forwarded = dealt.Forwarded with { Outcome = ForwardOutcome.Silent } };
            records.Copied(context, asked, candidate, dealt);
        }
    }

    private Slots Of(Copying copying) => _slots.GetOrAdd(copying.Candidate.Deployment, static _ => new Slots());

    private sealed class Slots
    {
        private int _held, _asked;

        public bool TryHold() => Take(ref _held, MostHeld);

        public void Let() => Interlocked.Decrement(ref _held);

        public bool TryAsk(int most) => Take(ref _asked, most);

        public void Done() => Interlocked.Decrement(ref _asked);

        private static bool Take(ref int count, int most)
        {
            if (Interlocked.Increment(ref count) <= most) return true;
            Interlocked.Decrement(ref count);
            return false;
        }
    }
}
