namespace Slipway.Capacity.Accelerators;

/// <summary>GKE's own labels: <c>gke-accelerator</c>, <c>gke-tpu-accelerator</c>, and how a GPU is cut or shared.</summary>
/// <remarks>Labels: <see href="https://cloud.google.com/kubernetes-engine/docs/how-to/gpus"/>.</remarks>
internal static class GkeLabels
{
    private const string Gpu = "cloud.google.com/gke-accelerator";
    private const string Tpu = "cloud.google.com/gke-tpu-accelerator";

    /// <summary>What GKE says of the node's TPU chips.</summary>
    public static AcceleratorMatch? MatchTpu(IReadOnlyDictionary<string, string> labels, AcceleratorTable table) =>
        labels.Text(Tpu) is { } name ? Candidates.Choose(table.OfGkeName(name), null, DeviceFraction.Whole, $"{Tpu}={name}") : null;

    /// <summary>What GKE says of the node's GPUs.</summary>
    public static AcceleratorMatch? MatchGpu(IReadOnlyDictionary<string, string> labels, AcceleratorTable table)
    {
        if (labels.Text(Gpu) is not { } name) return null;
        if (Candidates.Choose(table.OfGkeName(name), null, DeviceFraction.Whole, $"{Gpu}={name}") is not AcceleratorMatch.Known known)
            return Candidates.Choose(table.OfGkeName(name), null, DeviceFraction.Whole, $"{Gpu}={name}");
        var size = labels.Text("cloud.google.com/gke-gpu-partition-size");
        var profile = size is null ? null : MigProfile.Parse(size);
        if (size is not null && profile is null) return new AcceleratorMatch.Unknown($"'{size}' is no MIG profile", [known.Seen], [known.Facts.Device.Key]);
        var sharing = labels.Whole("cloud.google.com/gke-max-shared-clients-per-gpu") is { } clients and > 1 and <= 10_000
            ? DeviceFraction.Shared((int)clients, labels.Text("cloud.google.com/gke-gpu-sharing-strategy") ?? "time-sharing")
            : DeviceFraction.Whole;
        return NvidiaLabels.Cut(known, profile, sharing);
    }
}
