using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Slipway.Bench.ApiServer;

/// <summary>What one run of wrk measured.</summary>
/// <param name="Rate">Requests a second.</param>
/// <param name="P50">Median latency in milliseconds.</param>
/// <param name="P99">99th percentile in milliseconds.</param>
/// <param name="Failures">Answers other than success.</param>
internal sealed record Load(double Rate, double P50, double P99, long Failures)
{
    public string Cell => string.Create(CultureInfo.InvariantCulture, $"{Rate:0} ({P50:0.0} / {P99:0.0} ms){(Failures > 0 ? $", {Failures} failed" : "")}");
}

/// <summary>wrk (https://github.com/wg/wrk, `apt-get install wrk`): a load that costs little itself, so that it can share the machine.</summary>
internal static partial class Wrk
{
    /// <summary>Sends requests over 16 connections for some seconds.</summary>
    /// <param name="address">The server.</param>
    /// <param name="token">The bearer token.</param>
    /// <param name="request">The body of a Lua function that returns a request; <c>id</c> is the thread's number and <c>n</c> counts its requests.</param>
    /// <param name="seconds">For how long.</param>
    public static Task<Load> RunAsync(Uri address, string token, string request, int seconds) => RunScriptAsync(address, $$"""
        local threads = 0
        function setup(thread) thread:set("id", threads) threads = threads + 1 end
        function init(args) n = 0 math.randomseed(id + 1) end
        local function headers(type) return { ["Authorization"] = "Bearer {{token}}", ["Content-Type"] = type, ["User-Agent"] = "bench/1" } end
        local pad = string.rep("x", 800)
        function request()
          n = n + 1
          {{request}}
        end
        """, 2, 16, seconds);

    /// <summary>Runs a script of its own.</summary>
    /// <param name="address">The server.</param>
    /// <param name="lua">The script.</param>
    /// <param name="threads">Threads of the load.</param>
    /// <param name="connections">Connections.</param>
    /// <param name="seconds">For how long.</param>
    public static async Task<Load> RunScriptAsync(Uri address, string lua, int threads, int connections, int seconds)
    {
        var script = Path.GetTempFileName();
        // What is secret in it is in the file, not among the arguments that every user of the machine may read.
        await File.WriteAllTextAsync(script, lua);
        try
        {
            using var wrk = Process.Start(new ProcessStartInfo("wrk", [$"-t{threads}", $"-c{connections}", $"-d{seconds}s", "--latency", "--timeout", "10s", "-s", script, address.ToString()])
            {
                UseShellExecute = false,
                RedirectStandardOutput = true,
            })!;
            var output = await wrk.StandardOutput.ReadToEndAsync();
            await wrk.WaitForExitAsync();
            return Parse(output);
        }
        finally
        {
            File.Delete(script);
        }
    }

    private static Load Parse(string output)
    {
        if (Rate().Match(output) is not { Success: true } rate) throw new InvalidOperationException($"wrk said:\n{output}");
        var failures = Failures().Match(output) is { Success: true } f ? long.Parse(f.Groups["count"].Value, CultureInfo.InvariantCulture) : 0;
        return new(double.Parse(rate.Groups["rate"].Value, CultureInfo.InvariantCulture), Quantile(output, "50%"), Quantile(output, "99%"), failures);
    }

    private static double Quantile(string output, string name)
    {
        var line = output.Split('\n').Select(l => l.Trim()).First(l => l.StartsWith(name, StringComparison.Ordinal))[name.Length..].Trim();
        var unit = line.EndsWith("us", StringComparison.Ordinal) ? 0.001 : line.EndsWith("ms", StringComparison.Ordinal) ? 1 : 1000;
        return double.Parse(line.TrimEnd('u', 'm', 's'), CultureInfo.InvariantCulture) * unit;
    }

    [GeneratedRegex(@"Requests/sec:\s+(?<rate>[0-9.]+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Rate();

    [GeneratedRegex(@"Non-2xx or 3xx responses: (?<count>\d+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Failures();
}
