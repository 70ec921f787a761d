using Slipway.ApiServer.Json;

namespace Slipway.ApiServer.Kinds.PodSpecs;

/// <summary>The defaults of volumes: modes of files, lifetimes of tokens, and an empty directory where nothing is said.</summary>
internal static class VolumeDefaults
{
    // 0644: the owner writes, all read.
    private const long Mode = 420, TokenSeconds = 3600;

    public static void Apply(JsonMap volume)
    {
        if (volume.All(m => m.Key == "name")) volume["emptyDir"] = new JsonMap();
        foreach (var source in (string[])["secret", "configMap", "downwardAPI", "projected"]) volume.Map(source)?.TryAdd("defaultMode", Mode);
        foreach (var token in (volume.Map("projected")?.List("sources")?.Maps() ?? []).Select(s => s.Map("serviceAccountToken")))
            token?.TryAdd("expirationSeconds", TokenSeconds);
        volume.Map("hostPath")?.TryAdd("type", "");
        if (volume.Map("image") is { } image && image.Text("reference") is { } reference) image.TryAdd("pullPolicy", ContainerDefaults.PullPolicy(reference));
        if (volume.Map("ephemeral", "volumeClaimTemplate")?.Map("spec") is { } claim) claim.TryAdd("volumeMode", "Filesystem");
    }
}
