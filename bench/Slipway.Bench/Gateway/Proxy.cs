using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using Slipway.Bench.ApiServer;

namespace Slipway.Bench.Gateway;

/// <summary>A process between clients and the engine: this gateway, or one to compare it with.</summary>
internal sealed class Proxy : IDisposable
{
    private readonly Process _process;
    private readonly string? _folder;

    private Proxy(string name, Process process, int port, string headers, string? folder)
    {
        (Name, _process, _folder) = (name, process, folder);
        (Address, Headers) = (new Uri($"http://127.0.0.1:{port}"), headers);
    }

    public string Name { get; }

    public Uri Address { get; }

    /// <summary>Further headers that it needs, as Lua.</summary>
    public string Headers { get; }

    /// <summary>Processor time that it and its children have used, microseconds.</summary>
    public double Microseconds => Family().Sum(static p => Ticks(p)) * 10_000.0;

    /// <summary>Resident memory of them all.</summary>
    public double Megabytes => Family().Sum(Target.ResidentMegabytes);

    /// <summary>The most that the process itself ever had of it.</summary>
    public double MostMegabytes => double.Parse(
        File.ReadLines($"/proc/{_process.Id}/status").First(static l => l.StartsWith("VmHWM:", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture) / 1024;

    /// <summary>Our gateway, or the engine itself, as a process of this program.</summary>
    public static async Task<Proxy> HostAsync(string name, params string[] arguments)
    {
        var process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, arguments) { RedirectStandardOutput = true, UseShellExecute = false })!;
        return new Proxy(name, process, new Uri((await process.StandardOutput.ReadLineAsync())!).Port, "", null);
    }

    /// <summary>nginx as a plain reverse proxy with kept connections and nothing buffered.</summary>
    public static async Task<Proxy> NginxAsync(Uri engine)
    {
        var (folder, port) = (Directory.CreateTempSubdirectory("slipway-nginx-").FullName, FreePort());
        var config = Path.Combine(folder, "nginx.conf");
        await File.WriteAllTextAsync(config, $$"""
            daemon off; worker_processes 2; pid {{folder}}/pid; error_log {{folder}}/error.log;
            events { worker_connections 4096; }
            http {
              access_log off; keepalive_requests 1000000000; client_max_body_size 300m; client_body_buffer_size 1m; client_body_temp_path {{folder}}; proxy_temp_path {{folder}};
              upstream engine { server {{engine.Authority}}; keepalive 1024; keepalive_requests 1000000000; }
              server { listen 127.0.0.1:{{port}}; location / { proxy_pass http://engine; proxy_http_version 1.1; proxy_set_header Connection ""; proxy_buffering off; } }
            }
            """);
        var process = Process.Start(new ProcessStartInfo("nginx", ["-c", config, "-e", Path.Combine(folder, "error.log")]) { UseShellExecute = false })!;
        await UpAsync(port);
        return new Proxy("nginx", process, port, "", folder);
    }

    /// <summary>The Portkey gateway (npm @portkey-ai/gateway), by its start script.</summary>
    public static async Task<Proxy> PortkeyAsync(string script, Uri engine)
    {
        var port = FreePort();
        var process = Process.Start(new ProcessStartInfo("node", [script, $"--port={port}", "--headless"]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        await UpAsync(port);
        return new Proxy("Portkey", process, port, $"wrk.headers[\"x-portkey-provider\"] = \"openai\"\nwrk.headers[\"x-portkey-custom-host\"] = \"{engine}v1\"\nwrk.headers[\"Authorization\"] = \"Bearer x\"", null);
    }

    public void Dispose()
    {
        foreach (var pid in Enumerable.Reverse(Family()))
        {
            using var one = Process.GetProcessById(pid);
            one.Kill();
        }

        _process.WaitForExit();
        _process.Dispose();
        if (_folder is not null) Directory.Delete(_folder, recursive: true);
    }

    private List<int> Family() => [_process.Id, .. File.ReadAllText($"/proc/{_process.Id}/task/{_process.Id}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(static p => int.Parse(p, CultureInfo.InvariantCulture))];

    // Fields 14 and 15 of stat, behind the name, which may hold anything.
    private static long Ticks(int pid)
    {
        var stat = File.ReadAllText($"/proc/{pid}/stat");
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture);
    }

    private static int FreePort()
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 0));
        return ((System.Net.IPEndPoint)socket.LocalEndPoint!).Port;
    }

    private static async Task UpAsync(int port)
    {
        for (var tries = 0; ; tries++)
        {
            try
            {
                using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
                await socket.ConnectAsync("127.0.0.1", port);
                return;
            }
            catch (SocketException) when (tries < 100)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
            }
        }
    }
}
