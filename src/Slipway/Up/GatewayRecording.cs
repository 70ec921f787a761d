using System.Collections.Immutable;
using System.Text.Json;
using Slipway.Gateway.Recording;
using Slipway.Kubernetes.Objects;
using Slipway.Kubernetes.Watching;

namespace Slipway.Up;

/// <summary>Records for those namespaces that say so in their annotations.</summary>
internal sealed partial class GatewayRecording : IAsyncDisposable
{
    private readonly ILogger _logger;
    private readonly Lock _lock = new();
    private ImmutableDictionary<string, RecordingRule> _rules = ImmutableDictionary<string, RecordingRule>.Empty;

    /// <exception cref="IOException">The folder cannot be read.</exception>
    public GatewayRecording(DataDirectory data, TimeProvider time, ILoggerFactory loggers)
    {
        _logger = loggers.CreateLogger<GatewayRecording>();
        Recorder = new Recorder(data.Recordings(time), loggers.CreateLogger<Recorder>());
    }

    /// <summary>Whoever records.</summary>
    public Recorder Recorder { get; }

    /// <summary>What is recorded, by namespace.</summary>
    public IReadOnlyDictionary<string, RecordingRule> Rules => Volatile.Read(ref _rules);

    /// <summary>Begins to follow the namespaces.</summary>
    /// <param name="namespaces">The namespaces.</param>
    /// <param name="changed">Called when the rules have changed.</param>
    public void Follow(Informer<CachedObject> namespaces, Action changed) => namespaces.Changed += key =>
    {
        if (Take(key.Name, namespaces.Objects.GetValueOrDefault(key))) changed();
    };

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Recorder.DisposeAsync();

    private bool Take(string name, CachedObject? ns)
    {
        string? problem = null;
        var rule = ns is null ? null : RecordingRule.Read(key => Annotation(ns, key), out problem);
        if (problem is not null) LogProblem(name, problem);
        lock (_lock)
        {
            if (_rules.GetValueOrDefault(name) == rule) return false;
            Volatile.Write(ref _rules, rule is null ? _rules.Remove(name) : _rules.SetItem(name, rule));
        }

        LogRule(name, rule is null ? "not recorded any more" : $"recorded, {rule.Share:P1} of them, and kept for {rule.For.TotalHours:0} hours");
        return true;
    }

    private static string? Annotation(CachedObject ns, string key) =>
        ns.Json.TryGetProperty("metadata", out var metadata) && metadata.TryGetProperty("annotations", out var annotations) && annotations.ValueKind == JsonValueKind.Object
        && annotations.TryGetProperty(key, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString() : null;

    [LoggerMessage(EventId = 1, Level = LogLevel.Warning, Message = "Nothing of namespace {Namespace} is recorded: {Problem}")]
    private partial void LogProblem(string @namespace, string problem);

    [LoggerMessage(EventId = 2, Level = LogLevel.Information, Message = "Requests to models of namespace {Namespace} are {Rule}")]
    private partial void LogRule(string @namespace, string rule);
}
