using System.Text.Json.Nodes;
using Slipway.Api.ModelDeployments;
using Slipway.Runtimes.Gangs;

namespace Slipway.Runtimes;

/// <summary>A way to run models: what it can do, how it renders a deployment, and how it reads what became of it. All of it is pure.</summary>
/// <remarks>
/// Every method is given the *effective* deployment: the manifest with the engine that was chosen in `spec.engine.type`, and with the
/// accelerators of a replica filled in where the manifest leaves them open.
/// </remarks>
public interface IRuntime
{
    /// <summary>What the runtime is and can do.</summary>
    RuntimeDescriptor Descriptor { get; }

    /// <summary>Names the fields of a deployment that this runtime does not honour.</summary>
    /// <param name="deployment">The effective deployment.</param>
    /// <returns>The fields; empty when all are honoured.</returns>
    IReadOnlyList<UnsupportedField> Unsupported(ModelDeployment deployment);

    /// <summary>Renders a deployment to the objects that run it.</summary>
    /// <param name="deployment">The effective deployment, without blocking unsupported fields and with a valid manifest.</param>
    /// <param name="apis">What the cluster serves.</param>
    /// <returns>
    /// The objects, the main one first, each with apiVersion, kind, name and namespace (<see cref="Objects.Rendered"/> makes the start of
    /// one); the reconciler adds the deployment as their owner and applies them in order.
    /// </returns>
    IReadOnlyList<JsonObject> Render(ModelDeployment deployment, ClusterApis apis);

    /// <summary>Says whether the pods of a replica that spans nodes start together or not at all.</summary>
    /// <param name="deployment">The effective deployment.</param>
    /// <param name="apis">What the cluster serves.</param>
    /// <returns>The answer; null where each replica is one pod.</returns>
    GangState? Gang(ModelDeployment deployment, ClusterApis apis)
    {
        ArgumentNullException.ThrowIfNull(deployment);
        return deployment.Spec.Resources?.Nodes > 1 ? new(false, "NotSupported", $"{Descriptor.DisplayName} has the pods of a replica scheduled one by one: some may hold accelerators and wait for the others") : null;
    }

    /// <summary>Reads the state of what was rendered.</summary>
    /// <param name="deployment">The effective deployment that it was rendered from.</param>
    /// <param name="observed">The objects and pods as the API has them; the main object is there.</param>
    /// <returns>The state, in the words of the shared API.</returns>
    RuntimeState Read(ModelDeployment deployment, Observation observed);
}
