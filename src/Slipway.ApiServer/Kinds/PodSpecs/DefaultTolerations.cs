using Slipway.ApiServer.Json;

namespace Slipway.ApiServer.Kinds.PodSpecs;

/// <summary>What the admission plugin DefaultTolerationSeconds adds: pods stay five minutes on a node that is lost.</summary>
internal static class DefaultTolerations
{
    private const long Seconds = 300;

    public static void Add(JsonMap spec)
    {
        var given = spec.List("tolerations");
        foreach (var key in (string[])["node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"])
        {
            if (given?.Maps().Any(t => Covers(t, key)) == true) continue;
            if (given is null) spec["tolerations"] = given = [];
            given.Add(new JsonMap { ["key"] = key, ["operator"] = "Exists", ["effect"] = "NoExecute", ["tolerationSeconds"] = Seconds });
        }
    }

    private static bool Covers(JsonMap toleration, string key) =>
        (toleration.Text("key") is null or "" || toleration.Text("key") == key) && toleration.Text("effect") is null or "" or "NoExecute";
}
