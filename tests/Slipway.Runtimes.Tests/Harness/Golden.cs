using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Api;
using Slipway.Api.ModelDeployments;
using Slipway.Runtimes.Pods;
using Slipway.Testing;

namespace Slipway.Runtimes.Tests.Harness;

/// <summary>
/// Golden files of a runtime, in the folder `Golden` beside its tests. `NAME.yaml` is an effective deployment, `NAME.rendered.yaml` what it
/// renders to. `status/NAME.yaml` is a deployment followed by objects and pods as a cluster has them, `status/NAME.state.yaml` how they are
/// read. SLIPWAY_UPDATE=1 writes the results anew, to be read before they are committed.
/// </summary>
internal static class Golden
{
    private static readonly bool s_update = Environment.GetEnvironmentVariable("SLIPWAY_UPDATE") == "1";

    public static TheoryData<string> Cases(string runtime) => Names(Folder(runtime), ".rendered.yaml");

    public static TheoryData<string> StatusCases(string runtime) => Names(Path.Combine(Folder(runtime), "status"), ".state.yaml");

    /// <summary>The deployment of a case.</summary>
    public static ModelDeployment Deployment(string runtime, string name) => Read(Yaml.Read(Path.Combine(Folder(runtime), $"{name}.yaml"))[0]);

    /// <summary>Asserts that a case renders as it should.</summary>
    /// <returns>What it renders to.</returns>
    public static IReadOnlyList<JsonObject> Renders(string folder, string name, IRuntime runtime, ClusterApis apis)
    {
        var deployment = Deployment(folder, name);
        Assert.DoesNotContain(runtime.Unsupported(deployment), f => f.Blocking);
        var rendered = runtime.Render(deployment, apis);
        Same(Path.Combine(Folder(folder), $"{name}.rendered.yaml"), Yaml.Write(rendered));
        return rendered;
    }

    /// <summary>Asserts that a case is read as it should be.</summary>
    public static void Reads(string folder, string name, IRuntime runtime)
    {
        var path = Path.Combine(Folder(folder), "status", $"{name}.yaml");
        var documents = Yaml.Read(path);
        var state = runtime.Read(Read(documents[0]), Observe(documents.Skip(1)));
        Same(Path.ChangeExtension(path, ".state.yaml"), Yaml.Write(Node(state)));
    }

    /// <summary>What a cluster has, from the objects as they were written down; pods among them are pods.</summary>
    public static Observation Observe(IEnumerable<JsonNode> objects)
    {
        var found = ImmutableDictionary.CreateBuilder<ObjectId, JsonElement>();
        var pods = ImmutableArray.CreateBuilder<ModelPod>();
        foreach (var value in objects)
        {
            if ((string?)value["kind"] == "Pod") pods.Add(value.Deserialize(PodJson.Default.ModelPod)!);
            else found[new ObjectId((string)value["kind"]!, (string)value["metadata"]!["name"]!)] = JsonDocument.Parse(value.ToJsonString()).RootElement;
        }

        return new Observation(found.ToImmutable(), pods.ToImmutable(), new DateTimeOffset(2026, 1, 1, 12, 0, 0, TimeSpan.Zero));
    }

    public static ModelDeployment Read(JsonNode document)
    {
        var deployment = document.Deserialize(SlipwayJson.Default.ModelDeployment)!;
        Assert.Empty(ModelDeploymentValidator.Validate(deployment));
        return deployment with { Metadata = deployment.Metadata with { Namespace = deployment.Metadata.Namespace ?? "default", Uid = deployment.Metadata.Uid ?? "uid-1" } };
    }

    private static JsonObject Node(RuntimeState state)
    {
        var node = new JsonObject
        {
            ["phase"] = state.Phase.ToString(),
            ["reason"] = state.Reason,
            ["message"] = state.Message,
            ["replicas"] = new JsonObject { ["desired"] = state.Replicas.Desired, ["ready"] = state.Replicas.Ready, ["available"] = state.Replicas.Available },
        };
        if (state.Endpoint is { } endpoint) node["endpoint"] = $"{endpoint.Service}:{endpoint.Port}";
        if (state.Weights is { } weights) node["weights"] = $"{weights.AtHand} {weights.Reason}: {weights.Message}";
        if (state.Degraded is { } degraded) node["degraded"] = $"{degraded.Reason}: {degraded.Message}";
        return node;
    }

    /// <summary>Asserts that a result is what its file says.</summary>
    public static void Same(string path, string text)
    {
        if (s_update) File.WriteAllText(path, text);
        Assert.True(File.Exists(path), $"{path} is missing: run once with SLIPWAY_UPDATE=1, and read what it wrote.");
        Assert.Equal(File.ReadAllText(path), text);
    }

    private static TheoryData<string> Names(string folder, string resultSuffix) =>
        [.. Directory.GetFiles(folder, "*.yaml").Where(f => !f.EndsWith(resultSuffix, StringComparison.Ordinal)).Select(f => Path.GetFileNameWithoutExtension(f)).Order(StringComparer.Ordinal)];

    public static string Folder(string runtime) => Path.Combine(Repository.Root, "tests", "Slipway.Runtimes.Tests", runtime, "Golden");
}
