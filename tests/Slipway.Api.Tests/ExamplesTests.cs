using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Api.ModelDeployments;
using Slipway.Testing;

namespace Slipway.Api.Tests;

/// <summary>Manifests that people have, ours and upstream's, are read and make sense.</summary>
public sealed class ExamplesTests
{
    public static TheoryData<string> Files =>
        [.. Directory.GetFiles(Repository.Shared("examples/airunway"), "*.yaml"), .. Directory.GetFiles(Path.Combine(Repository.Root, "examples"), "*.yaml")];

    [Theory]
    [MemberData(nameof(Files))]
    public void A_manifest_is_read_and_makes_sense(string file)
    {
        foreach (var document in Yaml.Read(file).Where(d => (string?)d["kind"] == "ModelDeployment"))
        {
            var deployment = document.Deserialize(SlipwayJson.Default.ModelDeployment)!;
            Assert.Empty(ModelDeploymentValidator.Validate(deployment));
            var again = JsonSerializer.SerializeToNode(deployment, SlipwayJson.Default.ModelDeployment)!;
            Assert.Equal(document["spec"]!.ToJsonString(), Only(again["spec"]!, document["spec"]!).ToJsonString());
        }
    }

    // Fields may come back in another order; compare in the order of the manifest.
    private static JsonNode Only(JsonNode value, JsonNode shape)
    {
        if (value is not JsonObject map || shape is not JsonObject like) return value.DeepClone();
        var ordered = new JsonObject();
        foreach (var key in like.Select(p => p.Key).Concat(map.Select(p => p.Key)).Distinct().Where(map.ContainsKey))
            ordered[key] = like[key] is { } inner ? Only(map[key]!, inner) : map[key]?.DeepClone();
        return ordered;
    }
}
