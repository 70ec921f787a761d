using Slipway.Api.ModelDeployments;
using Slipway.Kubernetes.Objects;
using Slipway.Operator;

namespace Slipway.Commands;

/// <summary>Finds what a command names.</summary>
internal static class Find
{
    /// <exception cref="CommandFailure">There is no such deployment; the message lists those that are there.</exception>
    public static async Task<ModelDeployment> DeploymentAsync(Reach reach, NamespacedName key, CancellationToken cancellationToken)
    {
        if (await reach.Client.GetAsync(Kinds.ModelDeployments, key, cancellationToken) is { } found) return found;
        throw await NotThereAsync(reach, key, cancellationToken);
    }

    public static async Task<CommandFailure> NotThereAsync(Reach reach, NamespacedName key, CancellationToken cancellationToken)
    {
        var others = await reach.Client.ListAsync(Kinds.ModelDeployments, key.Namespace, cancellationToken);
        var known = others.Count == 0 ? "There is none yet." : $"There are: {string.Join(", ", others.Select(d => d.Metadata.Name).Order())}.";
        return new CommandFailure(ExitCodes.NotFound, $"There is no deployment \"{key.Name}\" in namespace {key.Namespace}. {known}");
    }
}
