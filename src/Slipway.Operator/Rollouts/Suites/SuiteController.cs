using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Slipway.Api;
using Slipway.Api.Meta;
using Slipway.Api.Rollouts;
using Slipway.Kubernetes.Connection;
using Slipway.Kubernetes.Controllers;
using Slipway.Kubernetes.Objects;
using Slipway.Kubernetes.Watching;

namespace Slipway.Operator.Rollouts.Suites;

/// <summary>Says of each EvaluationSuite whether it can be used, how many prompts it has and its digest; reads those that are elsewhere.</summary>
internal sealed class SuiteController : IAsyncDisposable
{
    // A ConfigMap may change at any time, and a registry may answer again.
    private static readonly TimeSpan s_again = TimeSpan.FromSeconds(30);

    private readonly KubeClient _client;
    private readonly Informer<EvaluationSuite> _suites;
    private readonly SuiteTexts _texts;
    private readonly TimeProvider _time;
    private readonly Controller _controller;

    public SuiteController(KubeClient client, Informer<EvaluationSuite> suites, SuiteTexts texts, TimeProvider time, ILoggerFactory loggers)
    {
        (_client, _suites, _texts, _time) = (client, suites, texts, time);
        _controller = new Controller("evaluationsuites", ReconcileAsync, time, loggers.CreateLogger<Controller>());
        suites.Changed += _controller.Enqueue;
    }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await _suites.Synced.WaitAsync(cancellationToken);
        foreach (var key in _suites.Objects.Keys) _controller.Enqueue(key);
        _controller.Start(1);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _suites.Changed -= _controller.Enqueue;
        return _controller.DisposeAsync();
    }

    private async Task<ReconcileResult> ReconcileAsync(NamespacedName key, CancellationToken cancellationToken)
    {
        if (_suites.Get(key) is not { } suite)
        {
            _texts.Forget(key);
            return ReconcileResult.Done;
        }

        var elsewhere = suite.Spec.Source is not null;
        if (elsewhere ? _texts.IsSettled(suite) : suite.Status?.ObservedGeneration == suite.Metadata.Generation) return ReconcileResult.Done;
        var reading = elsewhere ? await _texts.ReadAsync(suite, cancellationToken) : GateSetup.Read(suite);
        var conditions = new ConditionSet(suite.Status?.Conditions, suite.Metadata.Generation, _time.GetUtcNow());
        if (reading.Suite is { } read) conditions.True("Valid", "Read", $"{read.Prompts.Length} prompts");
        else conditions.False("Valid", "Wrong", string.Join("; ", reading.Problems.Take(10)));
        var status = new EvaluationSuiteStatus
        {
            ObservedGeneration = suite.Metadata.Generation,
            Digest = reading.Suite?.Digest,
            Prompts = reading.Suite?.Prompts.Length,
            Conditions = conditions.Conditions,
        };
        var next = JsonSerializer.SerializeToNode(status, SlipwayJson.Default.EvaluationSuiteStatus)!.AsObject();
        var current = JsonSerializer.SerializeToNode(suite.Status, SlipwayJson.Default.EvaluationSuiteStatus) as JsonObject;
        await _client.WriteStatusAsync(Kinds.EvaluationSuites, key, suite.Metadata.ResourceVersion, next, current, "slipway-rollout", cancellationToken);
        return elsewhere && !_texts.IsSettled(suite) ? new ReconcileResult(s_again) : ReconcileResult.Done;
    }
}
