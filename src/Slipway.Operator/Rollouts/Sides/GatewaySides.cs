using Slipway.Api.ModelDeployments;
using Slipway.Api.Rollouts;
using Slipway.Evaluation.Chat;
using Slipway.Evaluation.Grading.Embeddings;

namespace Slipway.Operator.Rollouts.Sides;

/// <summary>Both sides behind Slipway's own gateway, which is told by a header who is to answer, and divides traffic by what rollouts say.</summary>
/// <param name="gateway">Where the gateway is.</param>
/// <param name="header">The header that names the deployment.</param>
/// <param name="time">The clock.</param>
public sealed class GatewaySides(Uri gateway, string header, TimeProvider time) : IRolloutSides
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = gateway, Timeout = Timeout.InfiniteTimeSpan };

    /// <summary>The key by which the gateway lets Slipway itself in; null where it takes none.</summary>
    public string? Key { get; init; }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    /// <inheritdoc/>
    public string? Obstacle(ModelDeployment stable, ModelRolloutSpec spec) => null;

    /// <inheritdoc/>
    public IChat Chat(ModelDeployment stable, ModelDeployment side, TimeSpan patience)
    {
        ArgumentNullException.ThrowIfNull(side);
        return new OpenAIChat(Model(stable, side, patience));
    }

    /// <inheritdoc/>
    public IEmbeddings Embeddings(ModelDeployment deployment, TimeSpan patience)
    {
        ArgumentNullException.ThrowIfNull(deployment);
        return new OpenAIEmbeddings(Model(deployment, deployment, patience));
    }

    private OpenAIModel Model(ModelDeployment named, ModelDeployment asked, TimeSpan patience) => new(_http, ServedModel.RoutedName(named), time, patience)
    {
        Headers = [(header, $"{asked.Metadata.Namespace}/{asked.Metadata.Name}"), .. Key is null ? Array.Empty<(string, string)>() : [("Authorization", $"Bearer {Key}")]],
    };
}
