using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Capacity.Inventory;
using Slipway.Capacity.Inventory.Kubernetes;
using Slipway.Capacity.Inventory.Slices;
using Slipway.Scheduling.Tests.Harness;
using Slipway.Simulation.Scheduling;
using Slipway.Testing;

namespace Slipway.Scheduling.Tests.Fit;

/// <summary>
/// Scenario 34: what Slipway says of any cluster comes true. Clusters and requests are made up; for each pod the fit of its claim and the decision of the
/// simulated scheduler are reckoned from what the cluster has, and then the cluster's scheduler decides.
/// </summary>
public sealed class FitTests(Cluster cluster)
{
    private const int Steps = 5, AtOnce = 8;

    /// <summary>How many clusters; each has five pods.</summary>
    private static int Cases => int.TryParse(Environment.GetEnvironmentVariable("SLIPWAY_SCHEDULING_CASES"), CultureInfo.InvariantCulture, out var given) ? given : Cluster.IsReal ? 110 : 10;

    private static int FirstSeed => int.TryParse(Environment.GetEnvironmentVariable("SLIPWAY_SCHEDULING_SEED"), CultureInfo.InvariantCulture, out var given) ? given : 34;

    [Fact]
    public async Task S34_what_is_said_to_fit_is_bound_and_nothing_else()
    {
        var (wrong, seen) = (new ConcurrentBag<string>(), new ConcurrentBag<string>());
        await Parallel.ForEachAsync(
            Enumerable.Range(FirstSeed, Cases), new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = TestContext.Current.CancellationToken }, async (seed, _) => await TryAsync(seed, wrong, seen));

        foreach (var kind in seen.GroupBy(static s => s).OrderBy(static g => g.Key, StringComparer.Ordinal)) TestContext.Current.TestOutputHelper!.WriteLine($"{kind.Count()} {kind.Key}");
        Assert.True(wrong.IsEmpty, $"{wrong.Count} of {Cases * Steps}:\n{string.Join("\n\n", wrong.Order(StringComparer.Ordinal).Take(20))}");
    }

    private async Task TryAsync(int seed, ConcurrentBag<string> wrong, ConcurrentBag<string> seen)
    {
        await using var scene = await cluster.SceneAsync("""{resource.kubernetes.io/admin-access: "true"}""");
        var made = new RandomCluster(seed).Make();
        await scene.ClassAsync("extendedResourceName: DRIVER/gpu");
        foreach (var node in made.Nodes)
            await scene.NodeAsync(node.Name, $"zone: {node.Zone}", node.Plugin == 0 ? "" : $"DRIVER/gpu: '{node.Plugin}'", (node.Cordoned ? "unschedulable: true" : "") + (node is { Cordoned: true, Tainted: true } ? ", " : ""), node.Tainted ? "{key: own, effect: NoSchedule}" : "");
        foreach (var slice in made.Slices) await scene.ApplyAsync(slice);
        // Whoever has decided about this one knows the nodes.
        await scene.PodAsync("first", more: "{tolerations: [{operator: Exists}]}");
        await scene.BoundAsync("first");
        for (var step = 0; step < Steps; step++)
        {
            var request = made.Request();
            var name = $"p{step}";
            for (var i = 0; i < request.Claims.Count; i++) await scene.ApplyAsync($"{{kind: ResourceClaim, metadata: {{name: {name}-{i}}}, spec: {request.Claims[i]}}}");
            var more = Pod(request, name);
            var objects = await Snapshot.ReadAsync(scene, await scene.DryRunPodAsync(name, more));
            var (verdict, reasons, fits) = Fit(scene, made, request, objects);
            var schedule = Scheduler.Decide(objects);
            await scene.PodAsync(name, more: more);
            var truth = await DecidedAsync(scene, name, schedule.Bindings.Any(b => b.Pod.Name == name) || fits is true);
            var said = Said(scene, schedule, name);
            var real = await ToldAsync(scene, truth);
            seen.Add($"{(real.Node.Length > 0 ? "bound" : real.Reason)}, fit {verdict?.ToString() ?? "not asked"}");
            var told = string.Create(CultureInfo.InvariantCulture, $"seed {seed} step {step}: {string.Join(" | ", request.Claims)} extended {request.Extended}\n  cluster:    {real}\n  simulation: {said}\n  fit:        {verdict} {fits} {string.Join("; ", reasons)}");
            if (said.Node.Length > 0 != real.Node.Length > 0 || said.Reason != real.Reason || said.Node == real.Node && said.Devices != real.Devices) wrong.Add(told);
            if (fits is { } expected ? expected != real.Node.Length > 0 : verdict is DeviceVerdict.Unknown && !IsExcused(real, reasons)) wrong.Add($"{told}\n  (the fit is wrong)");
            if (real.Node.Length == 0 || made.Deletes()) await EndAsync(scene, name);
        }
    }

    // Only where an expression fails may it be unknown whether devices would do.
    private static bool IsExcused(Told real, IReadOnlyList<string> reasons) => real.Node.Length == 0 && (real.Reason is "SchedulerError" || reasons.Any(static r => r.Contains("a selector failed", StringComparison.Ordinal)));

    private static string Pod(RandomRequest request, string name)
    {
        var claims = string.Join(", ", Enumerable.Range(0, request.Claims.Count).Select(i => string.Create(CultureInfo.InvariantCulture, $"{{name: c{i}, resourceClaimName: {name}-{i}}}")));
        var limits = request.Extended == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $", resources: {{limits: {{DRIVER/gpu: {request.Extended}}}}}");
        return $"{{containers: [{{name: c, image: x{limits}}}], resourceClaims: [{claims}]{(request.Zone.Length > 0 ? $", nodeSelector: {{zone: {request.Zone}}}" : "")}{(request.Bears ? ", tolerations: [{key: slipway.dev/scene, operator: Exists}, {key: own, operator: Exists}]" : "")}}}";
    }

    // The fit is of one claim, on the nodes that its pod may use.
    private static (DeviceVerdict? Verdict, IReadOnlyList<string> Reasons, bool? Fits) Fit(Scene scene, RandomCluster made, RandomRequest request, ClusterObjects objects)
    {
        if (request.Claims.Count != 1 || request.Extended > 0) return (null, [], null);
        List<NodeFacts> nodes = [.. objects.Nodes.Select(NodeReader.Read).OfType<NodeFacts>().Where(n => made.Nodes.Any(m => request.MayUse(m) && n.Name == $"{scene.Id}-{m.Name}"))];
        var devices = ClusterDevices.Read(objects.Slices, objects.Classes, objects.Claims);
        var fit = DeviceFit.Of(JsonSerializer.SerializeToElement(Yaml.Parse(scene.Own(request.Claims[0]))[0]), devices, nodes);
        return (fit.Verdict, fit.Reasons, fit.Verdict is DeviceVerdict.Unknown ? null : fit.Verdict is DeviceVerdict.Fits);
    }

    private static async Task<JsonObject> DecidedAsync(Scene scene, string name, bool expected)
    {
        var pods = await scene.UntilAsync(
            Kind.Pod, p => p.Any(x => Scene.Name(x) == name && Outcome.Condition(x, "PodScheduled") is { } c && (!expected || (string?)c["status"] == "True")), $"{name} is decided", patience: expected ? TimeSpan.FromSeconds(12) : null, fails: !expected);
        return pods.Single(p => Scene.Name(p) == name);
    }

    private static async Task<Told> ToldAsync(Scene scene, JsonObject pod)
    {
        var condition = Outcome.Condition(pod, "PodScheduled");
        var bound = (string?)pod["spec"]!["nodeName"] is { Length: > 0 };
        return new((string?)pod["spec"]!["nodeName"] ?? "", bound ? "" : (string?)condition?["reason"] ?? "", bound ? "" : (string?)condition?["message"] ?? "", bound ? string.Join(' ', await scene.DevicesAsync(Scene.Name(pod))) : "");
    }

    private static Told Said(Scene scene, Schedule schedule, string name)
    {
        if (schedule.Bindings.FirstOrDefault(b => b.Pod.Name == name) is not { } binding) return schedule.Waiting.Where(w => w.Pod.Name == name).Select(static w => new Told("", w.Reason, w.Message, "")).FirstOrDefault(new Told("", "", "nothing", ""));
        var devices = schedule.Claims.Where(c => c.Consumers.Any(u => (string?)u["name"] == name) && c.Allocation is not null).SelectMany(static c => c.Allocation!["devices"]!["results"]!.AsArray()).Select(static r => $"{r!["request"]}={r["device"]}");
        return new(binding.Node, "", "", string.Join(' ', devices.Order(StringComparer.Ordinal)));
    }

    private static async Task EndAsync(Scene scene, string name)
    {
        await scene.DeleteAsync(Kind.Pod, name);
        foreach (var claim in (await scene.ListAsync(Kind.Claim)).Where(c => Scene.Name(c).StartsWith(name + "-", StringComparison.Ordinal))) await scene.DeleteAsync(Kind.Claim, Scene.Name(claim));
        await scene.UntilAsync(Kind.Claim, c => !c.Any(x => Scene.Name(x).StartsWith(name + "-", StringComparison.Ordinal)), $"the claims of {name} are gone");
    }

    private sealed record Told(string Node, string Reason, string Message, string Devices);
}
