using System.Text.Json.Nodes;
using Slipway.Conformance.Tests.Harness;

namespace Slipway.Conformance.Tests.Examples;

/// <summary>A server that knows the kinds of every project that Slipway drives or meets.</summary>
public sealed class ProjectDefinitions : IAsyncLifetime
{
    private readonly Dictionary<string, JsonArray> _discovered = [];

    public TestServer Server { get; } = new();

    public string Namespace { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        await Server.InitializeAsync();
        Namespace = await Server.NamespaceAsync();
        foreach (var file in System.IO.Directory.GetFiles(Shared.Path("crds"), "*.yaml", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            // The development versions of definitions that stand beside them in their released form.
            if (Path.GetDirectoryName(file)!.EndsWith("main", StringComparison.Ordinal)) continue;
            foreach (var document in ExampleDocument.Of(file).Where(d => d.Kind == "CustomResourceDefinition"))
            {
                var probe = Probe(document.Text);
                await Server.InstallAsync(document.Text, probe, "application/yaml");
            }
        }
    }

    public ValueTask DisposeAsync() => Server.DisposeAsync();

    /// <summary>Where objects of a kind are created; <c>null</c> when no such kind is served.</summary>
    public async Task<string?> CollectionAsync(string apiVersion, string kind)
    {
        var root = apiVersion.Contains('/', StringComparison.Ordinal) ? "/apis/" + apiVersion : "/api/" + apiVersion;
        if (!_discovered.TryGetValue(root, out var resources))
        {
            var answer = await Server.GetAsync(root);
            _discovered[root] = resources = answer.Code == System.Net.HttpStatusCode.OK ? answer.At("resources")!.AsArray() : [];
        }

        var found = resources.FirstOrDefault(r => (string?)r!["kind"] == kind && !((string)r["name"]!).Contains('/', StringComparison.Ordinal));
        if (found is null) return null;
        return (bool)found["namespaced"]! ? $"{root}/namespaces/{Namespace}/{found["name"]}" : $"{root}/{found["name"]}";
    }

    private static string Probe(string definition)
    {
        var stream = new YamlDotNet.RepresentationModel.YamlStream();
        stream.Load(new StringReader(definition));
        var spec = stream.Documents[0].RootNode["spec"];
        var served = (YamlDotNet.RepresentationModel.YamlSequenceNode)spec["versions"];
        return $"/apis/{spec["group"]}/{served.First(v => v["served"].ToString() == "true")["name"]}/{spec["names"]["plural"]}";
    }
}
