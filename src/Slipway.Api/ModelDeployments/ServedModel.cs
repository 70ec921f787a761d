namespace Slipway.Api.ModelDeployments;

/// <summary>The names by which requests ask for a model.</summary>
public static class ServedModel
{
    /// <summary>The name that the engine gives the model: the served name, or the last part of the id.</summary>
    /// <param name="deployment">The deployment.</param>
    /// <returns>The name.</returns>
    public static string Name(ModelDeployment deployment)
    {
        ArgumentNullException.ThrowIfNull(deployment);
        var model = deployment.Spec.Model;
        if (!string.IsNullOrEmpty(model.ServedName)) return model.ServedName;
        return model.Id is { Length: > 0 } id ? id[(id.LastIndexOf('/') + 1)..] : deployment.Metadata.Name ?? "";
    }

    /// <summary>The name that requests to the gateway give: the gateway's own name for it, or the engine's.</summary>
    /// <param name="deployment">The deployment.</param>
    /// <returns>The name.</returns>
    public static string RoutedName(ModelDeployment deployment)
    {
        ArgumentNullException.ThrowIfNull(deployment);
        return deployment.Spec.Gateway?.ModelName is { Length: > 0 } name ? name : Name(deployment);
    }
}
