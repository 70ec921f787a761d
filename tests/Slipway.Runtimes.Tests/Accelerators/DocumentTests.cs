using System.Text.RegularExpressions;
using Slipway.Runtimes.Dynamo;
using Slipway.Runtimes.KubeRay;
using Slipway.Runtimes.LlmD;
using Slipway.Runtimes.Tests.Harness;
using Slipway.Runtimes.Vllm;
using Slipway.Testing;

namespace Slipway.Runtimes.Tests.Accelerators;

/// <summary>What docs/accelerators.md shows is rendered by every runtime that takes it, and taken by a cluster.</summary>
public sealed partial class DocumentTests(UpstreamCluster cluster)
{
    private static readonly IRuntime[] s_runtimes = [new VllmRuntime(), new LlmDRuntime(), new DynamoRuntime(), new KubeRayRuntime()];

    public static TheoryData<string, string> Examples
    {
        get
        {
            var examples = new TheoryData<string, string>();
            foreach (var text in Block().Matches(File.ReadAllText(Path.Combine(Repository.Root, "docs", "accelerators.md"))).Select(m => m.Groups[1].Value)) examples.Add(Name().Match(text).Groups[1].Value, text);
            return examples;
        }
    }

    [Theory]
    [MemberData(nameof(Examples))]
    public async Task An_example_is_applied(string name, string text)
    {
        using var folder = new TempDirectory();
        await File.WriteAllTextAsync(folder["example.yaml"], text, TestContext.Current.CancellationToken);
        var deployment = Golden.Read(Yaml.Read(folder["example.yaml"])[0]);
        var able = s_runtimes.Where(r => !r.Unsupported(deployment).Any(f => f.Blocking)).ToList();
        // Alone or with others: the table in the document says who cannot what.
        Assert.Equal(name switch { "two-roles" => ["llmd", "dynamo"], "two-nodes" => ["vllm", "llmd", "kuberay"], "two-racks" or "racks-of-their-own" or "shared-fabric" => ["vllm", "llmd"], _ => ["vllm", "llmd", "dynamo", "kuberay"] }, able.Select(r => r.Descriptor.Name));
        foreach (var runtime in able) await cluster.TakesAsync(runtime.Render(deployment, UpstreamCluster.Apis));
    }

    [GeneratedRegex("```yaml\n(.*?)```", RegexOptions.Singleline | RegexOptions.NonBacktracking)]
    private static partial Regex Block();

    [GeneratedRegex(@"name: ([a-z-]+)\}", RegexOptions.NonBacktracking)]
    private static partial Regex Name();
}
