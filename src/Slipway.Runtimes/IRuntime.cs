using System.Text.Json.Nodes;
using Slipway.Api.ModelDeployments;

namespace Slipway.Runtimes;

/// <summary>A way to run models: what it can do, how it renders a deployment, and how it reads what became of it. All of it is pure.</summary>
public interface IRuntime
{
    /// <summary>What the runtime is and can do.</summary>
    RuntimeDescriptor Descriptor { get; }

    /// <summary>Names the fields of a deployment that this runtime does not honour.</summary>
    /// <param name="deployment">The deployment.</param>
    /// <returns>The fields; empty when all are honoured.</returns>
    IReadOnlyList<UnsupportedField> Unsupported(ModelDeployment deployment);

    /// <summary>Renders a deployment to the runtime's own object.</summary>
    /// <param name="deployment">A deployment without blocking unsupported fields.</param>
    /// <returns>The object, to be applied with the deployment as its owner.</returns>
    JsonObject Render(ModelDeployment deployment);

    /// <summary>Reads the state of the runtime's object.</summary>
    /// <param name="deployment">The deployment that it was rendered from.</param>
    /// <param name="rendered">The object as the API has it.</param>
    /// <returns>The state, in the words of the shared API.</returns>
    RuntimeState Read(ModelDeployment deployment, JsonObject rendered);
}
