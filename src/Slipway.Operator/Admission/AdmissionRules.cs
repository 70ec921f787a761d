using System.Text.Json;
using Slipway.Api;
using Slipway.Api.ModelDeployments;
using Slipway.Api.Providers;
using Slipway.Operator.ModelDeployments;
using Slipway.Operator.Selection;
using Slipway.Runtimes;

namespace Slipway.Operator.Admission;

/// <summary>What admission says of an object.</summary>
/// <param name="Errors">Why it is refused; empty when it is let in.</param>
/// <param name="Warnings">What its author should know though it is let in.</param>
public sealed record AdmissionVerdict(IReadOnlyList<string> Errors, IReadOnlyList<string> Warnings)
{
    /// <summary>Nothing to be said.</summary>
    public static AdmissionVerdict Fine { get; } = new([], []);
}

/// <summary>Says at once what the controllers would say later: the same rules, so that a cluster without the webhook is as safe. Pure.</summary>
/// <param name="runtimes">The runtimes that this Slipway drives.</param>
/// <param name="ceilings">How much one deployment may ask for.</param>
public sealed class AdmissionRules(IReadOnlyList<IRuntime> runtimes, Ceilings ceilings)
{
    /// <summary>Looks at a deployment that is made or changed.</summary>
    /// <param name="deployment">The deployment as it would be.</param>
    /// <param name="old">As it was; null when it is new.</param>
    /// <returns>The verdict.</returns>
    public AdmissionVerdict Review(ModelDeployment deployment, ModelDeployment? old)
    {
        ArgumentNullException.ThrowIfNull(deployment);
        // One that is there keeps its labels and loses its finalizers whatever the rules have become since.
        if (deployment.Metadata.DeletionTimestamp is not null || (old is not null && Spec(old) == Spec(deployment))) return AdmissionVerdict.Fine;
        var errors = ModelDeploymentValidator.Validate(deployment).Concat(ceilings.Check(deployment)).Select(e => e.ToString()).ToList();
        // Which runtime it will be is not known before it is chosen; then the condition ProviderCompatible says the same.
        if (errors.Count > 0 || deployment.Spec is not { Provider.Name: { } name, Engine.Type: { } engine } || runtimes.FirstOrDefault(r => r.Descriptor.Name == name) is not { } runtime)
            return new(errors, []);
        if (runtime.Descriptor.Spec.Capabilities?.Engines?.FirstOrDefault(e => e.Name == engine) is not { } capability)
        {
            var engines = string.Join(", ", runtime.Descriptor.Spec.Capabilities?.Engines?.Select(e => e.Name.ToString().ToLowerInvariant()) ?? []);
            return new([$"spec.engine.type: {runtime.Descriptor.DisplayName} does not run {engine.ToString().ToLowerInvariant()}: it runs {engines}"], []);
        }

        var fields = runtime.Unsupported(Effective.Of(deployment, engine, capability.GpuSupport == true, null))
            .Where(f => f.Path != "spec.resources.gpu.count" || !Effective.LeavesGpusOpen(deployment)).ToList();
        return new([.. fields.Where(f => f.Blocking).Select(f => f.ToString())], [.. fields.Where(f => !f.Blocking).Select(f => $"{runtime.Descriptor.DisplayName} ignores {f}")]);
    }

    /// <summary>Looks at the `scale` subresource of a deployment, which tells of replicas only.</summary>
    /// <param name="replicas">The replicas that are wanted.</param>
    /// <returns>The verdict.</returns>
    public AdmissionVerdict ReviewScale(int replicas) => ceilings.CheckReplicas("spec.replicas", replicas) is { } over ? new([over.ToString()], []) : AdmissionVerdict.Fine;

    /// <summary>Looks at a runtime's registration. Nothing of it is refused: it may be another controller's, for whose rules another CEL is the judge.</summary>
    /// <param name="provider">The registration.</param>
    /// <returns>The verdict.</returns>
    public static AdmissionVerdict Review(InferenceProviderConfig provider)
    {
        ArgumentNullException.ThrowIfNull(provider);
        return new([], [.. SelectionRules.Faults(provider.Spec?.SelectionRules ?? [])]);
    }

    private static string Spec(ModelDeployment deployment) => JsonSerializer.Serialize(deployment.Spec, SlipwayJson.Default.ModelDeploymentSpec);
}
