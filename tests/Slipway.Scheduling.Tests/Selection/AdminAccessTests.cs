using Slipway.Scheduling.Tests.Harness;

namespace Slipway.Scheduling.Tests.Selection;

/// <summary>Looking at devices that others have: scenario 21.</summary>
public sealed class AdminAccessTests(Cluster cluster)
{
    private const string All = "[{name: gpu, exactly: {deviceClassName: DRIVER, allocationMode: All, adminAccess: true}}]";

    [Fact]
    public async Task S21_an_ordinary_namespace_may_not()
    {
        await using var scene = await cluster.SceneAsync();
        var refusal = await Assert.ThrowsAsync<RefusalException>(() => scene.TemplateAsync("all", All));

        Assert.Contains("adminAccess: Forbidden: admin access to devices requires the `resource.kubernetes.io/admin-access: true` label on the containing namespace", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task S21_a_monitor_sees_all_devices_of_each_node_and_takes_none()
    {
        await using var scene = await cluster.SceneAsync("""{resource.kubernetes.io/admin-access: "true"}""");
        foreach (var node in new[] { "a", "b" }) await scene.GpusAsync(node, Device.H100(4));
        await scene.CountAsync("four", 4);
        await scene.TemplateAsync("all", All);
        foreach (var pod in new[] { "p", "q" }) await scene.PodAsync(pod, "four");
        await scene.BoundAsync("p", "q");
        await scene.ApplyAsync($$"""
            kind: DaemonSet
            metadata: {name: monitor}
            spec:
              selector: {matchLabels: {app: m} }
              template:
                metadata: {labels: {app: m} }
                spec: {{scene.PodSpec("all")}}
            """);

        await scene.UntilAsync(Kind.Pod, static p => p.Count == 4 && p.All(static x => (string?)x["spec"]!["nodeName"] is not null), "both nodes have their monitor");
        var seen = (await scene.AllocatedAsync()).SelectMany(Outcome.Results).Where(static r => (bool?)r["adminAccess"] == true).ToList();
        Assert.Equal(8, seen.Select(static r => $"{r["pool"]}/{r["device"]}").Distinct().Count());
        await scene.DeleteAsync(Kind.Pod, "p");
        await scene.PodAsync("r", "four");
        await scene.BoundAsync("r");
    }
}
