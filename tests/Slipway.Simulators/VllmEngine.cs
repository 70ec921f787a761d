using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Slipway.Simulators;

/// <summary>An engine that answers as vLLM's HTTP server does, and counts as its metrics do; what it says, how long it takes and what fails is the test's to choose.</summary>
public sealed class VllmEngine : IAsyncDisposable
{
    // Where a node of Ray publishes its metrics.
    private const int RayMetrics = 8080;

    private static readonly double[] s_bounds = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5];
    private static readonly TimeSpan s_gathering = TimeSpan.FromSeconds(5);

    private readonly WebApplication _server;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, long> _answered = new(StringComparer.Ordinal);
    private readonly List<double> _firstTokens = [];
    private readonly List<double> _whole = [];
    private string _published = "";
    private long _publishedAt;
    private int _running;

    private VllmEngine(string address, int port)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Parse(address), port);
            if (port != RayMetrics) kestrel.Listen(IPAddress.Parse(address), RayMetrics);
        });
        _server = builder.Build();
        _server.MapGet("/metrics", () => Metrics());
        _server.MapPost("/v1/chat/completions", ChatAsync);
    }

    /// <summary>What it says to a prompt.</summary>
    public Func<string, string> Say { get; set; } = static prompt => prompt;

    /// <summary>Whether a request, by its number from 0 and its prompt, ends in 500.</summary>
    public Func<long, string, bool> Fails { get; set; } = static (_, _) => false;

    /// <summary>How long a first token takes.</summary>
    public TimeSpan FirstToken { get; set; } = TimeSpan.Zero;

    /// <summary>The only model that it knows; any other is not found.</summary>
    public string? Model { get; set; }

    /// <summary>Whether it counts as Dynamo's frontend does, and not as vLLM.</summary>
    public bool IsFrontend { get; set; }

    /// <summary>Whether it counts as a node of Ray with Serve's proxy and an engine does, and not as vLLM.</summary>
    public bool IsRay { get; set; }

    /// <summary>Requests so far.</summary>
    public long Requests { get; private set; }

    /// <summary>Begins to count anew, as after a restart.</summary>
    public void Restart()
    {
        lock (_lock)
        {
            _answered.Clear();
            _firstTokens.Clear();
            _whole.Clear();
        }
    }

    /// <summary>Starts one.</summary>
    /// <param name="address">Where it listens, an address of loopback.</param>
    /// <param name="port">The port.</param>
    public static VllmEngine Start(string address, int port)
    {
        var engine = new VllmEngine(address, port);
        engine._server.Start();
        return engine;
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task ChatAsync(HttpContext context)
    {
        var asked = (await JsonNode.ParseAsync(context.Request.Body))!;
        long number;
        lock (_lock) number = Requests++;
        Interlocked.Increment(ref _running);
        var began = TimeProvider.System.GetTimestamp();
        try
        {
            if (Model is { } known && (string?)asked["model"] != known)
            {
                await EndAsync(context, 404, """{"error":{"message":"The model does not exist.","code":404}}""");
                return;
            }

            if (FirstToken > TimeSpan.Zero) await Task.Delay(FirstToken, TimeProvider.System);
            var prompt = (string)asked["messages"]!.AsArray()[^1]!["content"]!;
            if (Fails(number, prompt))
            {
                await EndAsync(context, 500, """{"error":{"message":"EngineCore died","code":500}}""");
                return;
            }

            var seconds = TimeProvider.System.GetElapsedTime(began).TotalSeconds;
            var text = Say(prompt);
            var chunk = new JsonObject { ["choices"] = new JsonArray(new JsonObject { ["index"] = 0, ["delta"] = new JsonObject { ["content"] = text } }) };
            var end = new JsonObject { ["choices"] = new JsonArray(new JsonObject { ["index"] = 0, ["delta"] = new JsonObject(), ["finish_reason"] = "stop" }) };
            lock (_lock)
            {
                _firstTokens.Add(seconds);
                _whole.Add(seconds);
            }

            await WriteAsync(context, 200, "text/event-stream", $"data: {chunk.ToJsonString()}\n\ndata: {end.ToJsonString()}\n\ndata: [DONE]\n\n", () => Count("2xx"));
        }
        finally
        {
            Interlocked.Decrement(ref _running);
        }
    }

    private Task EndAsync(HttpContext context, int status, string body) => WriteAsync(context, status, "application/json", body, () => Count($"{status / 100}xx"));

    private void Count(string status)
    {
        lock (_lock)
        {
            if (IsRay) Publish();
            _answered[status] = _answered.GetValueOrDefault(status) + 1;
        }
    }

    // Ray gathers what its processes counted from time to time.
    private string Publish()
    {
        if (_published.Length > 0 && TimeProvider.System.GetElapsedTime(_publishedAt) < s_gathering) return _published;
        _publishedAt = TimeProvider.System.GetTimestamp();
        return _published = Counted();
    }

    private static async Task WriteAsync(HttpContext context, int status, string type, string body, Action? before = null)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        (context.Response.StatusCode, context.Response.ContentType, context.Response.ContentLength) = (status, type, bytes.Length);
        before?.Invoke();
        await context.Response.Body.WriteAsync(bytes);
    }

    private string Metrics()
    {
        lock (_lock) return IsRay ? Publish() : Counted();
    }

    private string Counted()
    {
        var text = new StringBuilder();
        lock (_lock)
        {
            if (IsFrontend)
            {
                text.Append(CultureInfo.InvariantCulture, $"dynamo_frontend_model_context_length{{model=\"m\"}} 4096\ndynamo_frontend_inflight_requests{{model=\"m\"}} {_running}\n");
                foreach (var (status, count) in _answered)
                {
                    var (how, why) = status switch { "2xx" => ("success", ""), "4xx" => ("error", "validation"), _ => ("error", "internal") };
                    text.Append(CultureInfo.InvariantCulture, $"dynamo_frontend_requests_total{{model=\"m\",endpoint=\"chat_completions\",request_type=\"stream\",status=\"{how}\",error_type=\"{why}\"}} {count}\n");
                }

                Histogram("dynamo_frontend_time_to_first_token_seconds", _firstTokens);
                Histogram("dynamo_frontend_request_duration_seconds", _whole);
                return text.ToString();
            }

            if (IsRay)
            {
                // Counters are published twice, and probes are counted too.
                text.Append(CultureInfo.InvariantCulture, $"ray_node_cpu_count{{SessionName=\"s\"}} 8\nray_serve_num_ongoing_http_requests{{node_id=\"n\"}} {_running}\n");
                foreach (var name in (string[])["ray_serve_num_http_requests", "ray_serve_num_http_requests_total"])
                {
                    text.Append(CultureInfo.InvariantCulture, $"{name}{{application=\"\",method=\"GET\",route=\"/-/healthz\",status_code=\"200\"}} 1000\n");
                    foreach (var (status, count) in _answered) text.Append(CultureInfo.InvariantCulture, $"{name}{{application=\"llm\",method=\"POST\",route=\"/\",status_code=\"{status[0]}00\"}} {count}\n");
                }

                Histogram("ray_vllm_time_to_first_token_seconds", _firstTokens);
                return text.ToString();
            }

            foreach (var (status, count) in _answered) text.Append(CultureInfo.InvariantCulture, $"http_requests_total{{handler=\"/v1/chat/completions\",method=\"POST\",status=\"{status}\"}} {count}\n");
            text.Append(CultureInfo.InvariantCulture, $"vllm:num_requests_running{{engine=\"0\"}} {_running}\nvllm:num_requests_waiting{{engine=\"0\"}} 0\n");
            Histogram("vllm:time_to_first_token_seconds", _firstTokens);
            Histogram("vllm:e2e_request_latency_seconds", _whole);
        }

        return text.ToString();

        void Histogram(string name, List<double> values)
        {
            foreach (var bound in s_bounds) text.Append(CultureInfo.InvariantCulture, $"{name}_bucket{{engine=\"0\",le=\"{bound}\"}} {values.Count(v => v <= bound)}\n");
            text.Append(CultureInfo.InvariantCulture, $"{name}_bucket{{engine=\"0\",le=\"+Inf\"}} {values.Count}\n{name}_count{{engine=\"0\"}} {values.Count}\n");
        }
    }
}
