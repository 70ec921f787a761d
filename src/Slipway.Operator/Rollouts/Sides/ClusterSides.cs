using Slipway.Api.ModelDeployments;
using Slipway.Api.Rollouts;
using Slipway.Evaluation.Chat;
using Slipway.Evaluation.Grading.Embeddings;
using Slipway.Operator.Devices;
using Slipway.Operator.Gateways;
using Slipway.Runtimes;

namespace Slipway.Operator.Rollouts.Sides;

/// <summary>Both sides in a cluster: asked by their Services, and divided by the weights of the deployment's HTTPRoute.</summary>
/// <param name="runtimes">The runtimes that this process drives.</param>
/// <param name="facts">The cluster's Gateway as it is now.</param>
/// <param name="sessions">Finds out whether the cluster's HTTPRoute can keep sessions with one side.</param>
/// <param name="handler">The way to Services; theirs are names that only a cluster's pods can resolve.</param>
/// <param name="time">The clock.</param>
internal sealed class ClusterSides(IReadOnlyList<IRuntime> runtimes, Func<GatewayFacts> facts, Func<CancellationToken, Task<FieldSupport>> sessions, HttpMessageHandler handler, TimeProvider time) : IRolloutSides
{
    private readonly HttpClient _http = new(handler) { Timeout = Timeout.InfiniteTimeSpan };

    public void Dispose() => _http.Dispose();

    public string? Obstacle(ModelDeployment stable, ModelRolloutSpec spec)
    {
        var name = stable.Metadata.Name;
        if (spec.Steps.Any(static s => s.Shadow?.Source is ShadowSource.Live)) return "Live requests cannot be copied here (shadow.source: Live): a mirror of the cluster's Gateway throws answers away unseen, so that nothing could be judged by them. Take a canary step of a small weight instead, or gates";
        if (stable.Spec.Gateway?.Enabled == false) return $"{name} has no route (spec.gateway.enabled is false), and by its weights alone traffic is divided and the place handed over: enable it";
        if (stable.Spec.Gateway?.HttpRouteRef is { Length: > 0 } given) return $"HTTPRoute {given} is your own (spec.gateway.httpRouteRef), and Slipway changes no weights of routes that it did not make: leave it out, or divide the traffic yourself";
        if (facts() is { Gateway: null } none) return $"Traffic is divided by the weights of the model's HTTPRoute, and there is none: {none.Fault!.Message}";
        if (stable.Status?.Gateway is null) return $"{name} is not reached through the Gateway: {Said(stable)}";
        if (spec.Steps.All(static s => s.Canary is null)) return null;
        var provider = stable.Status.Provider?.Name;
        const string Instead = "nothing would show whether users' requests fail. Leave canary steps out: gates and approval remain";
        if (runtimes.FirstOrDefault(r => r.Descriptor.Name == provider)?.Descriptor is not { Requests: { } counter } runtime)
            return $"Requests are counted by the engine's own metrics, which {provider} does not give away: {Instead}";
        if (counter.IsFrontend)
        {
            return spec.Latency?.Any(static l => l.Measure is LatencyMeasure.BetweenTokens) == true
                ? $"{runtime.DisplayName}'s frontend counts times between tokens gap by gap and not answer by answer, and those of one answer say the same many times over: limit FirstToken or WholeAnswer" : null;
        }

        if (stable.Status.Engine?.Type is not EngineType.Vllm) return $"Requests are counted by vLLM's metrics, and {name} runs {stable.Status.Engine?.Type}: {Instead}";
        return stable.Spec.Serving?.Mode is ServingMode.Disaggregated ? $"With {runtime.DisplayName}'s prefill and decode apart an engine counts its part of a request, not the request: {Instead}" : null;
    }

    public async Task<string?> SessionsAsync(ModelDeployment stable, ModelDeployment candidate, CancellationToken cancellationToken)
    {
        const string Not = "the requests of one session do not stay with one side";
        if (IsPooled(stable) || IsPooled(candidate)) return $"{Not}: an InferencePool's picker chooses a pod for each request, by load and by what is cached";
        return await sessions(cancellationToken) switch
        {
            { State: FieldState.Kept } => $"the Gateway is asked to keep sessions with one side, which are those of clients that send the header {RouteSessions.Header} of an answer back with what they ask next",
            { State: FieldState.Dropped } => $"{Not}: the cluster's HTTPRoute has no {RouteSessions.Field}, which comes with the experimental channel of Gateway API",
            var untried => $"{Not}: whether the cluster's HTTPRoute has {RouteSessions.Field} could not be tried ({untried.Why.TrimEnd('.')})",
        };
    }

    private bool IsPooled(ModelDeployment deployment) => deployment.Spec.Gateway?.PoolRef is { Length: > 0 }
        || runtimes.FirstOrDefault(r => r.Descriptor.Name == deployment.Status?.Provider?.Name)?.Descriptor.Spec.Capabilities?.Engines?.Any(e => e.Name == deployment.Status?.Engine?.Type && e.Gateway is { ManagesInferencePool: true }) == true;

    public IChat Chat(ModelDeployment stable, ModelDeployment side, TimeSpan patience) => new OpenAIChat(Model(side, patience));

    public IEmbeddings Embeddings(ModelDeployment deployment, TimeSpan patience) => new OpenAIEmbeddings(Model(deployment, patience));

    // Where a deployment answers within the cluster.
    private OpenAIModel Model(ModelDeployment deployment, TimeSpan patience) => new(_http, ServedModel.Name(deployment), time, patience)
    {
        Address = new Uri($"http://{deployment.Status?.Endpoint?.Service ?? deployment.Metadata.Name}.{deployment.Metadata.Namespace}.svc:{deployment.Status?.Endpoint?.Port ?? 80}/"),
    };

    private static string Said(ModelDeployment deployment) =>
        deployment.Status?.Conditions?.FirstOrDefault(static c => c.Type == ConditionTypes.GatewayReady)?.Message ?? "its route is not there yet";
}
