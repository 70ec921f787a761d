using Slipway.Api.ModelDeployments;
using Slipway.Runtimes.Dynamo;
using Slipway.Runtimes.Gangs;
using Slipway.Runtimes.Kaito;
using Slipway.Runtimes.KubeRay;
using Slipway.Runtimes.LlmD;
using Slipway.Runtimes.Local;
using Slipway.Runtimes.Tests.Harness;
using Slipway.Runtimes.Vllm;
using Slipway.Testing;

namespace Slipway.Runtimes.Tests.Gangs;

/// <summary>
/// Every way of asking for devices and gangs, on every runtime, in the words of each version of Kubernetes. `NAME.rendered.yaml` beside a case is
/// what 1.34 gets, and each version that gets something else has `NAME.VERSION.rendered.yaml`; the two APIs of 1.37 share one.
/// </summary>
public sealed class DialectTests(UpstreamCluster cluster)
{
    // 1.34 has none, 1.35 the first, 1.36 the second and 1.37 the others.
    private static readonly string[] s_versions = ["none", "v1alpha1", "v1alpha2", "v1alpha3", "v1beta1"];

    private static readonly string[] s_folders = ["Vllm", "LlmD", "KubeRay", "Dynamo"];

    // On a cluster without gangs these wait, and nothing is rendered to them.
    private static readonly string[] s_waiting = ["required", "shared-claim"];

    // Which runtimes take a way of asking; all others refuse it by the name of the field.
    private static readonly (string Case, string[] Taken, string Field)[] s_ways =
    [
        ("devices-counted", s_folders, "spec.resources.accelerators"),
        ("devices-claimed", s_folders, "spec.resources.accelerators"),
        ("devices-by-memory", s_folders, "spec.resources.accelerators"),
        ("devices-by-attributes", s_folders, "spec.resources.accelerators"),
        ("devices-first-available", s_folders, "spec.resources.accelerators"),
        ("devices-partition", s_folders, "spec.resources.accelerators"),
        ("devices-shared-capacity", s_folders, "spec.resources.accelerators"),
        ("devices-one-claim", s_folders, "spec.resources.accelerators"),
        ("devices-split", ["LlmD", "Dynamo"], "spec.serving.mode"),
        ("devices-split-nodes", ["LlmD"], "spec.s"),
        ("devices-two-nodes", ["Vllm", "LlmD", "KubeRay"], "spec.resources"),
        ("gang-rack", ["Vllm", "LlmD"], "spec.scheduling.topologyKey"),
        ("gang-never", ["Vllm", "LlmD", "KubeRay"], "spec.scheduling.gang"),
        ("required", ["Vllm", "LlmD"], "spec.scheduling.gang"),
        ("shared-claim", ["Vllm", "LlmD"], "spec.resources.accelerators"),
    ];

    public static TheoryData<string, string> Taken => [.. s_ways.SelectMany(static w => w.Taken.Select(f => (f, w.Case)))];

    public static TheoryData<string, string, string> Refused =>
        [.. s_ways.SelectMany(static w => s_folders.Append("Kaito").Append("Local").Except(w.Taken).Select(f => (f, w.Case, w.Field)))];

    [Theory]
    [MemberData(nameof(Taken))]
    public async Task A_way_of_asking_is_rendered_in_every_dialect_and_taken_by_a_cluster(string folder, string name)
    {
        var (runtime, deployment) = (Runtime(folder), Deployment(folder, name));
        Assert.DoesNotContain(runtime.Unsupported(deployment), static f => f.Blocking);
        foreach (var version in s_versions)
        {
            var apis = In(version);
            if (runtime.Gang(deployment, apis)?.Waits is not null)
            {
                Assert.Contains(name, s_waiting);
                Assert.Contains(version, s_versions[..2]);
                continue;
            }

            var rendered = runtime.Render(deployment, apis);
            Golden.Same(File(folder, name, version), Yaml.Write(rendered).Replace("scheduling.k8s.io/v1alpha3", "scheduling.k8s.io/v1beta1", StringComparison.Ordinal));
            // The embedded API speaks 1.36; what only 1.37 has is held against its own types.
            var newer = rendered.Where(static o => TypedKinds.Has(o)).ToList();
            await cluster.TakesAsync(rendered.Except(newer));
            Assert.All(newer, TypedKinds.IsStrictly);
        }
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public void Who_cannot_refuses_it_by_name(string folder, string name, string field)
    {
        var unsupported = Runtime(folder).Unsupported(Deployment(folder, name));
        Assert.Contains(unsupported, f => f.Path.StartsWith(field, StringComparison.Ordinal));
        Assert.Contains(unsupported, static f => f.Blocking);
    }

    [Fact]
    public void What_the_document_shows_and_every_case_of_a_folder_is_among_them()
    {
        var cases = s_folders.SelectMany(static f => Golden.Cases(f).Select(static r => r.Data)).Where(static c => c.StartsWith("devices-", StringComparison.Ordinal) || c.StartsWith("gang-", StringComparison.Ordinal));
        Assert.Empty(cases.Except(s_ways.Select(static w => w.Case)));
        var wanted = Taken.SelectMany(static r => s_versions.Select(v => File(r.Data.Item1, r.Data.Item2, v))).ToHashSet(StringComparer.Ordinal);
        var there = s_folders.Append("Gangs").SelectMany(static f => Directory.GetFiles(Golden.Folder(f), "*.v1*.rendered.yaml"));
        Assert.Empty(there.Except(wanted));
    }

    // Only pods that Slipway's gangs have speak a dialect: those of a LeaderWorkerSet that may be one.
    private static string File(string folder, string name, string version)
    {
        var gang = folder is "Vllm" or "LlmD" && name is not "gang-never" && (name.EndsWith("-nodes", StringComparison.Ordinal) || name is "devices-split" or "gang-rack" || s_waiting.Contains(name));
        var spoken = !gang || version is "none" or "v1alpha1" ? "" : version is "v1alpha2" ? ".v1alpha2" : ".v1beta1";
        return s_waiting.Contains(name) ? Path.Combine(Golden.Folder("Gangs"), $"{folder.ToLowerInvariant()}-{name}{spoken}.rendered.yaml") : Path.Combine(Golden.Folder(folder), $"{name}{spoken}.rendered.yaml");
    }

    // A runtime's own case, and for those that refuse it that of one that does not.
    private static ModelDeployment Deployment(string folder, string name) => Golden.Deployment(
        s_waiting.Contains(name) ? "Gangs" : s_folders.Prepend(folder).First(f => System.IO.File.Exists(Path.Combine(Golden.Folder(f), $"{name}.yaml"))), name);

    private static ClusterApis In(string version) => UpstreamCluster.Apis with
    {
        Gangs = new GangSupport(GangDialect.All.FirstOrDefault(d => d.Version == version), version is "none" ? "the cluster serves no gangs" : "") { Fields = GangFields.All },
    };

    private static IRuntime Runtime(string folder) => folder switch
    {
        "Vllm" => new VllmRuntime(),
        "LlmD" => new LlmDRuntime(),
        "KubeRay" => new KubeRayRuntime(),
        "Dynamo" => new DynamoRuntime(),
        "Kaito" => new KaitoRuntime(),
        _ => new LocalRuntime(),
    };
}
