using System.Diagnostics.Metrics;
using System.Security.Cryptography;
using System.Text;
using System.Threading.Channels;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Slipway.Gateway.Recording.Storage;
using Slipway.Gateway.Records;
using Slipway.Gateway.Routing;

namespace Slipway.Gateway.Recording;

/// <summary>
/// Records requests and answers of namespaces that ask for it (<see cref="RecordingRule"/>), redacted and encrypted. No request waits for it: what is sampled is copied as it goes by, and all else is done by one writer, which
/// rests between so that it takes no more than its share. What it does not get to is not recorded, and counted.
/// </summary>
public sealed partial class Recorder : IAsyncDisposable
{
    // What waits to be written, in memory and unencrypted; and what is under way besides, in bytes.
    private const int MostWaiting = 256;
    private const long MostBytes = 32L * 1024 * 1024;

    private static readonly TimeSpan s_sweep = TimeSpan.FromMinutes(1);

    private readonly Channel<Taken> _waiting = Channel.CreateBounded<Taken>(MostWaiting);
    private readonly CancellationTokenSource _stop = new();
    private readonly Meter _meter = new(GatewayTelemetry.Name);
    private readonly Counter<long> _counter;
    private readonly TapeShelf _shelf;
    private readonly RecorderOptions _options;
    private readonly ILogger _logger;
    private readonly Task _writing;
    private readonly ITimer _sweeping;
    private int _ended;
    private readonly Blocks _blocks = new(MostBytes);
    private readonly RecordedLine _line = new();

    // Sessions are told apart, and not told: users' names may be in them, and what is not kept cannot be guessed at.
    private readonly byte[] _sessions = RandomNumberGenerator.GetBytes(32);

    /// <summary>Initializes a new instance, which begins at once.</summary>
    /// <param name="options">How recordings are kept.</param>
    /// <param name="logger">The log.</param>
    /// <exception cref="IOException">The folder or the key cannot be read or made.</exception>
    public Recorder(RecorderOptions options, ILogger<Recorder> logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        (_options, _logger) = (options, logger);
        _counter = _meter.CreateCounter<long>("slipway.gateway.recordings", "{request}", "Requests that were to be recorded, by what became of that.");
        _shelf = new TapeShelf(options.Folder, new TapeKey(options.KeyFile), options.MostBytes, options.Time);
        _sweeping = options.Time.CreateTimer(static state => ((Recorder)state!).Sweep(), this, TimeSpan.Zero, s_sweep);
        _writing = Task.Run(WriteAsync);
    }

    /// <summary>Begins to take down a request, if it is one that is recorded.</summary>
    internal Capture? Begin(Route route, string? session, long? length)
    {
        if (route.Recording is not { } rule || !rule.Takes(session, Random.Shared)) return null;
        if (_waiting.Reader.Count < MostWaiting && !_blocks.IsEmpty) return new Capture(rule, _blocks, length);
        Count("dropped");
        return null;
    }

    /// <summary>A request that was taken down is through.</summary>
    internal void End(Capture capture, HttpContext context, in Asked asked, Route route, in Dealt dealt)
    {
        if (dealt.Forwarded.Outcome is not Wire.ForwardOutcome.Done || context.Response.StatusCode != StatusCodes.Status200OK || dealt.Forwarded.Answer.Failed) capture.Dispose();
        else if (capture.TooLong) Drop(capture, "too_long");
        else if (capture.NoRoom || !_waiting.Writer.TryWrite(new Taken(capture, asked.Started, route.Deployment, context.Request.Path.Value!, dealt.Forwarded.Answer.Streamed, Name(context)))) Drop(capture, "dropped");
    }

    /// <summary>Writes what waits, and ends.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _ended, 1) != 0) return;
        _waiting.Writer.TryComplete();
        await _stop.CancelAsync();
        await _writing;
        await _sweeping.DisposeAsync();
        _shelf.Dispose();
        _meter.Dispose();
        _stop.Dispose();
    }

    private async Task WriteAsync()
    {
        var restraint = new Restraint(_options.Processor, _options.Time, static () => Environment.CpuUsage.TotalTime);
        await foreach (var taken in _waiting.Reader.ReadAllAsync())
        {
            var begun = _options.Time.GetTimestamp();
            Write(taken);
            var rest = restraint.Worked(_options.Time.GetElapsedTime(begun));
            if (rest > TimeSpan.Zero && !_stop.IsCancellationRequested) await Task.Delay(rest, _options.Time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void Write(Taken taken)
    {
        try
        {
            if (!_line.TryWrite(taken))
            {
                Count("unreadable");
                return;
            }

            _shelf.Write(taken.Namespace, taken.Capture.Rule!.For, _line.Written);
            Count("written");
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException or CryptographicException)
        {
            Count("failed");
            LogFailed(taken.Deployment, failed.Message);
        }
    }

    private string? Name(HttpContext context) => context.Request.Headers.TryGetValue(Routes.SessionHeader, out var session) && session.ToString() is { Length: > 0 } name
        ? Convert.ToHexStringLower(HMACSHA256.HashData(_sessions, Encoding.UTF8.GetBytes(name)).AsSpan(0, 8)) : null;

    private void Sweep()
    {
        try
        {
            _blocks.Trim();
            _shelf.Sweep();
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            LogSweep(_options.Folder, failed.Message);
        }
    }

    private void Drop(Capture capture, string why)
    {
        Count(why);
        capture.Dispose();
    }

    private void Count(string outcome) => _counter.Add(1, new KeyValuePair<string, object?>("outcome", outcome));

    [LoggerMessage(EventId = 1, Level = LogLevel.Warning, Message = "A request to {Deployment} could not be recorded: {Why}")]
    private partial void LogFailed(string deployment, string why);

    [LoggerMessage(EventId = 2, Level = LogLevel.Error, Message = "Recordings in {Folder} whose time is over could not be deleted: {Why}. It is tried again every minute")]
    private partial void LogSweep(string folder, string why);
}
