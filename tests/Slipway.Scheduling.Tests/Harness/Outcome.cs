using System.Text.Json.Nodes;

namespace Slipway.Scheduling.Tests.Harness;

/// <summary>What becomes of pods, gangs and claims, as anybody sees it.</summary>
internal static class Outcome
{
    extension(Scene scene)
    {
        /// <summary>Waits until pods have nodes.</summary>
        /// <returns>The nodes' short names, in the order of the pods.</returns>
        public async Task<IReadOnlyList<string>> BoundAsync(params string[] names)
        {
            var pods = await scene.UntilAsync(Kind.Pod, p => names.All(n => p.Any(x => Scene.Name(x) == n && Node(scene, x).Length > 0)), $"{string.Join(", ", names)} have nodes");
            return [.. names.Select(n => Node(scene, pods.Single(p => Scene.Name(p) == n)))];
        }

        /// <summary>Waits until a pod says that it waits, with these words among why.</summary>
        /// <returns>The condition.</returns>
        public async Task<JsonNode> WaitsAsync(string name, string why = "")
        {
            var pods = await scene.UntilAsync(Kind.Pod, p => p.Any(x => Scene.Name(x) == name && Waits(x) is { } c && ((string?)c["message"] ?? "").Contains(why, StringComparison.Ordinal)), $"{name} waits, saying \"{why}\"");
            var pod = pods.Single(p => Scene.Name(p) == name);
            Assert.Equal("", Node(scene, pod));
            return Waits(pod)!;
        }

        /// <summary>The nodes of pods at this moment, by their short names; empty for a pod that has none.</summary>
        public async Task<IReadOnlyList<string>> NodesAsync(params string[] names)
        {
            var pods = await scene.ListAsync(Kind.Pod);
            return [.. names.Select(n => Node(scene, pods.Single(p => Scene.Name(p) == n)))];
        }

        /// <summary>The devices that a pod's claims have, each with the request that it is for.</summary>
        public async Task<IReadOnlyList<string>> DevicesAsync(string pod) =>
            [.. (await scene.ListAsync(Kind.Claim)).Where(c => Users(c).Contains(pod)).SelectMany(Results).Select(static r => $"{r["request"]}={r["device"]}").Order(StringComparer.Ordinal)];

        /// <summary>The claims that have devices.</summary>
        public async Task<IReadOnlyList<JsonObject>> AllocatedAsync() => [.. (await scene.ListAsync(Kind.Claim)).Where(static c => Results(c).Any())];

        /// <summary>Waits until a gang says that it is scheduled, or that it is not.</summary>
        /// <returns>The condition.</returns>
        public async Task<JsonNode> GangAsync(string name, bool scheduled)
        {
            var groups = await scene.UntilAsync(Kind.Group, g => g.Any(x => Scene.Name(x) == name && (string?)Verdict(x)?["status"] == (scheduled ? "True" : "False")), $"{name} is{(scheduled ? "" : " not")} scheduled");
            return Verdict(groups.Single(g => Scene.Name(g) == name))!;
        }
    }

    public static IEnumerable<JsonNode> Results(JsonNode claim) => claim["status"]?["allocation"]?["devices"]?["results"]?.AsArray().OfType<JsonNode>() ?? [];

    public static IEnumerable<string> Users(JsonNode claim) => claim["status"]?["reservedFor"]?.AsArray().Select(static r => (string)r!["name"]!) ?? [];

    public static JsonNode? Condition(JsonNode value, string type) => value["status"]?["conditions"]?.AsArray().FirstOrDefault(c => (string?)c!["type"] == type);

    private static JsonNode? Waits(JsonNode pod) => Condition(pod, "PodScheduled") is { } condition && (string?)condition["status"] == "False" ? condition : null;

    // 1.36 says PodGroupScheduled, 1.37 PodGroupInitiallyScheduled.
    public static JsonNode? Verdict(JsonNode group) => Condition(group, "PodGroupScheduled") ?? Condition(group, "PodGroupInitiallyScheduled");

    private static string Node(Scene scene, JsonNode pod) => (string?)pod["spec"]!["nodeName"] is { Length: > 0 } node ? node[(scene.Id.Length + 1)..] : "";
}
