using System.Text.Json.Nodes;
using Slipway.Api.Crds;
using Slipway.Testing;

namespace Slipway.Api.Tests.Crds;

/// <summary>Our definitions of the shared kinds say all that upstream's say, with the same meaning.</summary>
public sealed class SharedApiTests
{
    // Words are our own; the server owns metadata; the tolerations' and conditions' words differ with them.
    private static readonly HashSet<string> s_ignored = ["description", "annotations"];

    [Theory]
    [InlineData("modeldeployments.airunway.ai", "airunway.ai_modeldeployments.yaml")]
    [InlineData("inferenceproviderconfigs.airunway.ai", "airunway.ai_inferenceproviderconfigs.yaml")]
    public void Every_rule_of_the_upstream_schema_stands_in_ours(string name, string file)
    {
        var ours = JsonNode.Parse(CustomResources.Read(name))!;
        var theirs = Yaml.Read(Repository.Shared(Path.Combine("crds", "airunway", file))).Single();

        Assert.Empty(Missing(theirs["spec"]!, ours["spec"], "spec"));
    }

    private static IEnumerable<string> Missing(JsonNode theirs, JsonNode? ours, string path)
    {
        switch (theirs, ours)
        {
            case (JsonObject map, JsonObject mine):
                foreach (var (key, value) in map.Where(p => p.Value is not null && !s_ignored.Contains(p.Key) || path.EndsWith(".properties", StringComparison.Ordinal)))
                {
                    foreach (var missing in Missing(value!, mine[key], $"{path}.{key}")) yield return missing;
                }

                break;
            case (JsonArray list, JsonArray mine) when path.EndsWith("additionalPrinterColumns", StringComparison.Ordinal):
                foreach (var column in list)
                {
                    var same = mine.FirstOrDefault(c => (string)c!["name"]! == (string)column!["name"]!);
                    foreach (var missing in Missing(column!, same, $"{path}.{column!["name"]}")) yield return missing;
                }

                break;
            case (JsonArray list, JsonArray mine) when list.All(v => v is JsonValue):
                if (!list.Select(v => v!.ToJsonString()).Order().SequenceEqual(mine.Select(v => v!.ToJsonString()).Order()))
                    yield return $"{path}: {list.ToJsonString()} is {mine.ToJsonString()}";
                break;
            case (JsonArray list, JsonArray mine):
                for (var i = 0; i < list.Count; i++)
                {
                    foreach (var missing in Missing(list[i]!, i < mine.Count ? mine[i] : null, $"{path}[{i}]")) yield return missing;
                }

                break;
            default:
                if (!JsonNode.DeepEquals(theirs, ours)) yield return $"{path}: {theirs.ToJsonString()} is {ours?.ToJsonString() ?? "absent"}";
                break;
        }
    }
}
