using System.ComponentModel;
using System.Diagnostics;
using Slipway.Runtimes.Local.Logs;

namespace Slipway.Runtimes.Local.Hosting;

/// <summary>Starts engines as child processes.</summary>
internal sealed class ProcessLauncher(LocalEngineHostOptions options) : IEngineLauncher, IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false, UseCookies = false })
    {
        // An engine that evaluates a long prompt answers late, not never.
        Timeout = TimeSpan.FromSeconds(4),
    };

    public IEngineInstance Start(EngineLaunch launch)
    {
        var spec = launch.Spec;
        if (!File.Exists(spec.Command.Path)) throw new IOException($"The engine {spec.Command.Path} is gone. Run 'slipway engine install'.");
        var start = Watchdog.Start(spec.Command.Path, [.. spec.Command.LeadingArguments, .. launch.Arguments]);
        // llama-server reads every option from LLAMA_ARG_*, too: only the spec decides here.
        foreach (var inherited in start.Environment.Keys.Where(ReservedOptions.IsReservedVariable).ToList()) start.Environment.Remove(inherited);
        start.Environment.Remove("HF_TOKEN");
        foreach (var (name, value) in spec.Command.Environment.Concat(spec.Env)) start.Environment[name] = value;

        var log = new EngineLogWriter(EngineLogs.PathOf(spec.LogDirectory, spec.Name, launch.Index));
        var process = new Process { StartInfo = start };
        try
        {
            process.Start();
        }
        catch (Win32Exception e)
        {
            log.Dispose();
            process.Dispose();
            throw new IOException($"{start.FileName} could not be started: {e.Message}", e);
        }

        PidFile note;
        try
        {
            note = PidFile.Write(options, launch, process.Id);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Without its note a later Slipway could not find it, so it does not run.
            process.Kill();
            process.Dispose();
            log.Dispose();
            throw;
        }

        log.Note($"llama-server {spec.Command.Version} started as pid {process.Id} on port {launch.Port}", options.Time);
        return new EngineChild(process, launch, log, note, _http, options.Time);
    }

    public void Dispose() => _http.Dispose();
}
