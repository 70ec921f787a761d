using System.Diagnostics;
using System.Net;
using Slipway.Runtimes.Engines.Metrics;
using Slipway.Runtimes.Local.Logs;

namespace Slipway.Runtimes.Local.Hosting;

/// <summary>An engine that runs as a child process.</summary>
internal sealed class EngineChild : IEngineInstance
{
    // The watcher sends KILL after 2 seconds; what is alive after this has lost its watcher.
    private static readonly TimeSpan s_lastResort = TimeSpan.FromSeconds(2.5);
    private static readonly TimeSpan s_logDrain = TimeSpan.FromMilliseconds(500);

    private readonly Process _process;
    private readonly EngineLogWriter _log;
    private readonly PidFile _pidFile;
    private readonly HttpClient _http;
    private readonly TimeProvider _time;
    private readonly Uri _health, _metrics;
    private readonly Lock _gate = new();
    private bool _pipeClosed;

    public EngineChild(Process process, EngineLaunch launch, EngineLogWriter log, PidFile pidFile, HttpClient http, TimeProvider time)
    {
        (_process, _log, _pidFile, _http, _time) = (process, log, pidFile, http, time);
        (_health, _metrics) = (new Uri($"http://127.0.0.1:{launch.Port}/health"), new Uri($"http://127.0.0.1:{launch.Port}/metrics"));
        Pid = process.Id;
        Exited = WatchAsync(PumpAsync(process.StandardOutput.BaseStream), PumpAsync(process.StandardError.BaseStream));
    }

    public int Pid { get; }

    public Task<EngineExit> Exited { get; }

    /// <summary>200 when it serves, 503 while it loads: llama-server's README, "GET /health".</summary>
    public async Task<EngineHealth> ProbeAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var response = await _http.GetAsync(_health, cancellationToken);
            return response.StatusCode switch
            {
                HttpStatusCode.OK => EngineHealth.Ok,
                HttpStatusCode.ServiceUnavailable => EngineHealth.Loading,
                _ => EngineHealth.Silent,
            };
        }
        catch (Exception e) when (e is HttpRequestException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return EngineHealth.Silent;
        }
    }

    /// <summary>By the gauges of requests that it works on and that wait: llama-server's README, "GET /metrics".</summary>
    public async Task<bool> IsBusyAsync(CancellationToken cancellationToken)
    {
        try
        {
            var text = await _http.GetStringAsync(_metrics, cancellationToken);
            return PrometheusText.Read(text, static n => n is "llamacpp:requests_processing" or "llamacpp:requests_deferred").Any(static s => s.Value > 0);
        }
        catch (Exception e) when (e is HttpRequestException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return false;
        }
    }

    public async Task StopAsync()
    {
        ClosePipe(engineIsGone: false);
        using var over = new CancellationTokenSource();
        if (await Task.WhenAny(Exited, Task.Delay(s_lastResort, _time, over.Token)) != Exited) _process.Kill(entireProcessTree: true);
        await over.CancelAsync();
        await Exited;
    }

    public async ValueTask DisposeAsync()
    {
        if (!Exited.IsCompleted) await StopAsync();
        _process.Dispose();
    }

    private async Task<EngineExit> WatchAsync(Task output, Task errors)
    {
        await _process.WaitForExitAsync(CancellationToken.None);
        ClosePipe(engineIsGone: true);
        // What it wrote last is on its way; a grandchild that holds the pipe open is not waited for.
        using var over = new CancellationTokenSource();
        await Task.WhenAny(Task.WhenAll(output, errors), Task.Delay(s_logDrain, _time, over.Token));
        await over.CancelAsync();
        var code = _process.ExitCode;
        _log.Note($"pid {Pid} ended with exit code {code}", _time);
        var lines = _log.LastLines();
        _log.Dispose();
        _pidFile.Remove();
        return new EngineExit(code, lines);
    }

    private async Task PumpAsync(Stream stream)
    {
        var buffer = new byte[16 * 1024];
        try
        {
            while (await stream.ReadAsync(buffer, CancellationToken.None) is var read and > 0) _log.Append(buffer.AsSpan(0, read));
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // The pipe is gone with the process.
        }
    }

    private void ClosePipe(bool engineIsGone)
    {
        lock (_gate)
        {
            if (_pipeClosed) return;
            _pipeClosed = true;
            try
            {
                if (engineIsGone) _process.StandardInput.WriteLine(Watchdog.EngineIsGone);
                _process.StandardInput.Close();
            }
            catch (IOException)
            {
                // The watcher is gone, too.
            }
        }
    }
}
