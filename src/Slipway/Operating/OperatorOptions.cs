using Slipway.Capacity.Cost;
using Slipway.Capacity.Learning;
using Slipway.Kubernetes.Connection;
using Slipway.Kubernetes.Objects;
using Slipway.Models.Store;
using Slipway.Operator.Admission;
using Slipway.Operator.Keeping;
using Slipway.Runtimes;
using Slipway.Up;

namespace Slipway.Operating;

/// <summary>What `slipway operator` was asked for.</summary>
/// <param name="Client">The cluster.</param>
/// <param name="Runtimes">The runtimes to drive.</param>
/// <param name="Lease">The lease of the one that works; none when there is only one.</param>
/// <param name="Identity">This process, unlike every other.</param>
/// <param name="Listen">Where health and metrics are.</param>
/// <param name="Hub">The hub that is asked how large models are.</param>
internal sealed record OperatorOptions(KubeClient Client, IReadOnlyList<IRuntime> Runtimes, NamespacedName? Lease, string Identity, Uri Listen, ModelStoreOptions Hub)
{
    /// <summary>The operator's own namespace.</summary>
    public string Namespace { get; init; } = OperatorNamespace.Usual;

    /// <summary>How much one deployment may ask for.</summary>
    public Ceilings Ceilings { get; init; } = Ceilings.None;

    /// <summary>Where what is learned about speed is kept.</summary>
    public ISpeedStore? Speed { get; init; }

    /// <summary>Where what is spent is kept.</summary>
    public ICostHistoryStore? Costs { get; init; }

    /// <summary>The folder of what may be lost: prices, which can be fetched again, and what both sides of rollouts answered, on which no verdict rests.</summary>
    public DataDirectory Scratch { get; init; } = DataDirectory.Locate(Path.Combine(Path.GetTempPath(), "slipway-operator"));

    /// <summary>Whether prices are fetched from the clouds.</summary>
    public bool RefreshPrices { get; init; }

    /// <summary>Where the admission webhook answers; nowhere when null.</summary>
    public AdmissionEndpoint? Admission { get; init; }

    /// <summary>The Gateway that models are reached through; the labelled or only one when null.</summary>
    public NamespacedName? Gateway { get; init; }
}

/// <summary>Where the admission webhook answers.</summary>
/// <param name="Listen">The address that it listens on.</param>
/// <param name="Namespace">The operator's namespace, whose Secret holds its certificate.</param>
internal sealed record AdmissionEndpoint(Uri Listen, string Namespace);
