using Slipway.ApiServer.Json;
using Slipway.ApiServer.Kinds.Storage;

namespace Slipway.ApiServer.Kinds.PodSpecs;

/// <summary>The rules of a pod's volumes.</summary>
internal static class VolumeRules
{
    private const long MaxMode = 511; // 0777
    private const long LeastTokenSeconds = 600;

    private const string ModeFault = "must be a number between 0 and 0777 (octal), both inclusive";

    /// <summary>Checks the volumes.</summary>
    /// <returns>The volumes by name, for what refers to them.</returns>
    public static IReadOnlyDictionary<string, JsonMap> Check(Spot pod, JsonList? claims)
    {
        var volumes = new Dictionary<string, JsonMap>(StringComparer.Ordinal);
        foreach (var claim in claims?.Maps() ?? [])
            if (claim.Text("metadata", "name") is { } given) volumes.TryAdd(given, new JsonMap { ["persistentVolumeClaim"] = new JsonMap() });
        foreach (var volume in pod.Items("volumes"))
        {
            volume.Fits("name", Names.LabelFault);
            var name = volume.Text("name");
            if (name.Length > 0 && !volumes.TryAdd(name, volume.Value)) volume.Duplicate("name", name);
            var sources = volume.Value.Where(m => m.Key != "name" && m.Value is JsonMap).Select(m => m.Key).Order(SourceOrder.Instance).ToList();
            if (sources.Count == 0) continue;
            foreach (var more in sources.Skip(1)) volume.Forbidden(more, "may not specify more than 1 volume type");
            Source(volume.Map(sources[0])!.Value, sources[0]);
        }

        return volumes;
    }

    private static void Source(Spot source, string kind)
    {
        switch (kind)
        {
            case "secret":
                if (source.Text("secretName").Length == 0) source.Required("secretName");
                Files(source);
                break;
            case "configMap":
                if (source.Text("name").Length == 0) source.Required("name");
                Files(source);
                break;
            case "persistentVolumeClaim":
                if (source.Text("claimName").Length == 0) source.Required("claimName");
                break;
            case "hostPath":
                HostPath(source);
                break;
            case "nfs":
                if (source.Text("server").Length == 0) source.Required("server");
                if (source.Text("path") is not { Length: > 0 } path) source.Required("path");
                else if (path[0] != '/') source.Invalid("path", path, "must be an absolute path");
                break;
            case "emptyDir":
                if (Schemas.Amount.Parse(source.Text("sizeLimit")) is { Nanos.Sign: < 0 }) source.Forbidden("sizeLimit", "SizeLimit field must be a valid resource quantity");
                break;
            case "projected":
                Projected(source);
                break;
            case "ephemeral":
                if (source.Map("volumeClaimTemplate") is not { } template) source.Required("volumeClaimTemplate");
                else if (template.Map("spec") is { } claim) ClaimRules.CheckSpec(claim);
                break;
            case "csi":
                if (source.Text("driver").Length == 0) source.Required("driver");
                break;
        }
    }

    public static void HostPath(Spot source)
    {
        if (source.Text("path") is not { Length: > 0 } path) source.Required("path");
        else if (FilePaths.Backs(path)) source.Invalid("path", path, "must not contain '..'");
        source.OneOf("type", "", "BlockDevice", "CharDevice", "Directory", "DirectoryOrCreate", "File", "FileOrCreate", "Socket");
    }

    private static void Projected(Spot source)
    {
        Mode(source, "defaultMode");
        foreach (var projection in source.Items("sources"))
        {
            if (projection.Map("serviceAccountToken") is { } token)
            {
                if (token.Number("expirationSeconds") is < LeastTokenSeconds and var seconds)
                    token.Invalid("expirationSeconds", seconds, "may not specify a duration less than 10 minutes");
                // Upstream names the volume here, not the projection.
                if (token.Text("path").Length == 0) source.Required("path");
            }

            if (projection.Map("configMap") is { } map)
            {
                if (map.Text("name").Length == 0) map.Required("name");
                Items(map);
            }

            if (projection.Map("secret") is { } secret)
            {
                if (secret.Text("name").Length == 0) secret.Required("name");
                Items(secret);
            }
        }
    }

    private static void Files(Spot source)
    {
        Mode(source, "defaultMode");
        Items(source);
    }

    private static void Items(Spot source)
    {
        foreach (var item in source.Items("items"))
        {
            if (item.Text("key").Length == 0) item.Required("key");
            if (item.Text("path") is not { Length: > 0 } path) item.Required("path");
            else if (FilePaths.Fault(path) is { } fault) item.Invalid("path", path, fault);
            Mode(item, "mode");
        }
    }

    private static void Mode(Spot spot, string name)
    {
        if (spot.Number(name) is { } mode and (< 0 or > MaxMode)) spot.Invalid(name, mode, ModeFault);
    }

    /// <summary>The order in which upstream looks for sources, so that the same one counts as the second.</summary>
    private sealed class SourceOrder : IComparer<string>
    {
        public static readonly SourceOrder Instance = new();

        private static readonly string[] s_order = ["emptyDir", "hostPath", "gitRepo", "gcePersistentDisk", "awsElasticBlockStore", "secret", "nfs", "iscsi", "glusterfs", "persistentVolumeClaim"];

        public int Compare(string? x, string? y) => Rank(x).CompareTo(Rank(y));

        private static int Rank(string? name) => Array.IndexOf(s_order, name) is var at and >= 0 ? at : s_order.Length;
    }
}
