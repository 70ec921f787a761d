namespace Slipway.Api.Rollouts;

/// <summary>A model that turns texts into vectors, by which answers are compared with what is expected.</summary>
public sealed record EmbeddingsSpec
{
    /// <summary>The ModelDeployment that embeds, in the same namespace. It is asked at `/v1/embeddings`.</summary>
    public required LocalReference DeploymentRef { get; init; }
}
