using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Slipway.Api.ModelDeployments;
using Slipway.Runtimes.Local;
using Slipway.Runtimes.Tests.Harness;

namespace Slipway.Runtimes.Tests.Pods;

public sealed class RestartTests
{
    public static TheoryData<string> Names => [.. Runtimes.Select(static r => r.Descriptor.Name)];

    private static IEnumerable<IRuntime> Runtimes => [.. ClusterRuntimes.All(), new LocalRuntime()];

    [Theory]
    [MemberData(nameof(Names))]
    public void Another_time_is_another_template_of_every_pod_or_it_is_named_as_not_honoured(string name)
    {
        var runtime = Runtimes.Single(r => r.Descriptor.Name == name);
        foreach (var engine in runtime.Descriptor.Spec.Capabilities!.Engines!.Select(static e => e.Name))
        {
            var (before, after) = (Of(engine, "2026-01-01T00:00:00Z"), Of(engine, "2026-01-02T00:00:00Z"));
            if (runtime.Unsupported(before).Any(static f => f.Blocking)) continue;
            if (runtime.Unsupported(after).Any(static f => f.Path == $"metadata.annotations[{ModelDeployment.RestartedAtAnnotation}]" && !f.Blocking))
            {
                Assert.Equal(Render(runtime, before), Render(runtime, after));
                continue;
            }

            // What cannot be changed in place is made anew by it: that has another identity.
            Assert.Equal(Same(Render(runtime, before).Replace("2026-01-01T", "2026-01-02T", StringComparison.Ordinal)), Same(Render(runtime, after)));
            Assert.Equal(Pods(runtime, after), Render(runtime, after).Split("2026-01-02T00:00:00Z").Length - 1);
        }
    }

    // Each pod template of an engine, not the picker's, which holds no model; or, where there are no pods, the one object.
    private static int Pods(IRuntime runtime, ModelDeployment deployment) =>
        runtime is LocalRuntime ? 1 : runtime.Render(deployment, UpstreamCluster.Apis).Where(static o => !((string)o["metadata"]!["name"]!).Contains("-epp", StringComparison.Ordinal)).Sum(static o => Containers(o));

    private static string Same(string rendered) => Regex.Replace(rendered, "slipway.dev/identity\":\"[0-9a-f]+", "");

    private static int Containers(JsonNode? node) => node switch
    {
        JsonObject map => (map["containers"] is JsonArray || map["mainContainer"] is JsonObject ? 1 : 0) + map.Where(static f => f.Key is not ("containers" or "mainContainer")).Sum(static f => Containers(f.Value)),
        JsonArray items => items.Sum(Containers),
        _ => 0,
    };

    private static string Render(IRuntime runtime, ModelDeployment deployment) => string.Join('\n', runtime.Render(deployment, UpstreamCluster.Apis).Select(static o => o.ToJsonString()));

    private static ModelDeployment Of(EngineType engine, string restarted) => new()
    {
        Metadata = new() { Name = "a", Namespace = "default", Annotations = new Dictionary<string, string> { [ModelDeployment.RestartedAtAnnotation] = restarted } },
        Spec = new() { Model = new() { Id = "org/a" }, Engine = new() { Type = engine }, Resources = engine is EngineType.LlamaCpp ? null : new() { Gpu = new() { Count = 1 } } },
    };
}
