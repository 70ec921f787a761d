using Slipway.Api.Providers;
using Slipway.Runtimes.Storage;

namespace Slipway.Runtimes;

/// <summary>What a runtime is and can do.</summary>
/// <param name="Name">Its name in `provider.name`.</param>
/// <param name="DisplayName">Its name for people.</param>
/// <param name="Description">What it is, in a sentence.</param>
/// <param name="Object">The kind of the main object that it renders to; without it in the cluster the runtime is not ready.</param>
/// <param name="Spec">Its capabilities and selection rules, as it registers them.</param>
public sealed record RuntimeDescriptor(string Name, string DisplayName, string Description, RuntimeObject Object, InferenceProviderSpec Spec)
{
    /// <summary>The label that every rendered object and, where the runtime lets it, every pod carries; its value is the deployment's name.</summary>
    public const string DeploymentLabel = "airunway.ai/model-deployment";

    /// <summary>The other kinds that it may render or must read; those that a cluster does not serve are left out.</summary>
    public IReadOnlyList<RuntimeObject> Others { get; init; } = [];

    /// <summary>Whether it mounts the volumes of `spec.model.storage`: then their claims are made for it, and the model is fetched onto its cache.</summary>
    public bool MountsVolumes { get; init; }

    /// <summary>All kinds that are watched for it; claims are watched by themselves, since many are nobody's.</summary>
    public IEnumerable<RuntimeObject> Kinds => MountsVolumes ? [Object, .. Others, StorageKinds.Job] : [Object, .. Others];

    /// <summary>The labels of its pods whose value is the deployment's name, each of which will do; none when it has no pods.</summary>
    public IReadOnlyList<string> PodLabels { get; init; } = [DeploymentLabel];

    /// <summary>The port of its pods at which the engine's own metrics are, under `/metrics`; null where they are nowhere, or under other names.</summary>
    public int? MetricsPort { get; init; }

    /// <summary>Where users' requests are counted; null where nobody of its pods does.</summary>
    public RequestCounter? Requests { get; init; }

    /// <summary>Where `provider.overrides` may reach: dotted paths from the root of the main object, each allowing all that is below it.</summary>
    public IReadOnlyList<string> Overridable { get; init; } = [];

    /// <summary>
    /// How long a deployment may take to come up before it counts as failed, unless the manifest says; for ever when null. The default
    /// is an hour: 400 GB of weights at 2 Gbit/s take half of it.
    /// </summary>
    public TimeSpan? ProgressDeadline { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Rights that what it renders gets, beyond the kinds above: nobody may give what they do not have themselves.</summary>
    public IReadOnlyList<AccessRule> Grants { get; init; } = [];

    /// <summary>How its operator is installed; null when it needs none.</summary>
    public OperatorInstall? Install { get; init; }
}

/// <summary>A kind of object that a runtime renders to or reads.</summary>
/// <param name="Group">Its API group; empty for core.</param>
/// <param name="Version">The version that the runtime prefers.</param>
/// <param name="Kind">Its kind.</param>
/// <param name="Plural">Its name in paths.</param>
public sealed record RuntimeObject(string Group, string Version, string Kind, string Plural)
{
    /// <summary>Versions that will do, best first, where the preferred one is not served.</summary>
    public IReadOnlyList<string> OtherVersions { get; init; } = [];

    /// <summary>Whether the kind comes from a CustomResourceDefinition, so that a cluster may lack it.</summary>
    public bool IsCustom { get; init; } = true;

    /// <summary>Whether it is Kubernetes' own but not in every version of it, so that the cluster is asked for it.</summary>
    public bool IsDiscovered { get; init; }
}

/// <summary>How a runtime's operator is installed.</summary>
/// <param name="Chart">The Helm chart, such as `oci://ghcr.io/org/charts/name`.</param>
/// <param name="Repository">The Helm repository; null for an OCI chart.</param>
/// <param name="Version">The version that the renderer was written for.</param>
/// <param name="Namespace">The namespace it usually lives in.</param>
/// <param name="Documentation">Where upstream describes it.</param>
/// <param name="Settings">Values that Slipway's objects need, as `--set` arguments.</param>
public sealed record OperatorInstall(
    string Chart, string? Repository, string Version, string Namespace, Uri Documentation, IReadOnlyList<string> Settings);
