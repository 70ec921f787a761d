using System.Globalization;

namespace Slipway.Capacity.Quotas;

/// <summary>One limit of a quota.</summary>
/// <param name="Resource">What it limits, as in <c>requests.nvidia.com/gpu</c> or <c>gpu.nvidia.com.deviceclass.resource.k8s.io/devices</c>.</param>
/// <param name="Hard">The most there may be: cores, bytes, devices or objects.</param>
/// <param name="Used">What there is; null while the cluster has not counted it.</param>
public sealed record QuotaLine(string Resource, decimal Hard, decimal? Used)
{
    private const string Devices = ".deviceclass.resource.k8s.io/devices";

    /// <summary>What is left; null while the cluster has not counted it.</summary>
    public decimal? Left => Used is { } used ? Math.Max(0, Hard - used) : null;

    /// <summary>How full it is, as in "6 of 8 devices of gpu.nvidia.com used".</summary>
    public string Say() => $"{(Used is { } used ? Amount(used) : "an unknown part")} of {Amount(Hard)} {Noun} used";

    /// <summary>An amount of it for people.</summary>
    /// <param name="amount">Cores, bytes, devices or objects.</param>
    public string Amount(decimal amount)
    {
        if (!Resource.EndsWith("memory", StringComparison.Ordinal) && !Resource.EndsWith("storage", StringComparison.Ordinal)) return amount.ToString("0.###", CultureInfo.InvariantCulture);
        var (size, unit) = amount >= 1L << 40 ? (amount / (1L << 40), "Ti") : amount >= 1L << 30 ? (amount / (1L << 30), "Gi") : amount >= 1L << 20 ? (amount / (1L << 20), "Mi") : (amount, "");
        return size.ToString("0.##", CultureInfo.InvariantCulture) + unit;
    }

    private string Noun => Resource switch
    {
        _ when Resource.EndsWith(Devices, StringComparison.Ordinal) => $"devices of {Resource[..^Devices.Length]}",
        "cpu" => "requests.cpu",
        "memory" => "requests.memory",
        _ => Resource,
    };
}
