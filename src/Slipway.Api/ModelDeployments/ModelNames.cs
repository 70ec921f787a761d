namespace Slipway.Api.ModelDeployments;

/// <summary>Who answers to a model name when several deployments could.</summary>
public static class ModelNames
{
    /// <summary>Finds the deployment that requests for a name go to: the oldest, so that a newcomer cannot take a name away.</summary>
    /// <param name="deployments">The deployments.</param>
    /// <param name="name">The name in requests.</param>
    /// <returns>The deployment, or <see langword="null"/> when none answers to the name.</returns>
    public static ModelDeployment? Owner(IEnumerable<ModelDeployment> deployments, string name) =>
        deployments
            .Where(d => d.Spec.Gateway?.Enabled != false && d.Metadata.DeletionTimestamp is null && ServedModel.RoutedName(d) == name)
            .OrderBy(d => d.Metadata.CreationTimestamp ?? DateTimeOffset.MaxValue)
            .ThenBy(d => d.Metadata.Uid, StringComparer.Ordinal)
            .FirstOrDefault();
}
