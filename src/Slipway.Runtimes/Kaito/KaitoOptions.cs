namespace Slipway.Runtimes.Kaito;

/// <summary>How KAITO was installed in the cluster, which it does not tell.</summary>
public sealed record KaitoOptions
{
    /// <summary>
    /// Whether KAITO makes nodes for a model (`nodeProvisioner` other than byo); otherwise it uses nodes that are there. Its admission
    /// demands an instance type in the one case and refuses it in the other.
    /// </summary>
    public bool AutoProvisioning { get; init; }

    /// <summary>The instance type to make for models on GPUs, such as `Standard_NC24ads_A100_v4`; only with auto-provisioning.</summary>
    public string? GpuInstanceType { get; init; }

    /// <summary>The instance type to make for models on processors, such as `Standard_D8s_v5`; only with auto-provisioning.</summary>
    public string? CpuInstanceType { get; init; }
}
