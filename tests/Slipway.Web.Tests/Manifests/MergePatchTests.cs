using System.Text.Json.Nodes;
using CsCheck;
using Slipway.Web.Manifests;

namespace Slipway.Web.Tests.Manifests;

public sealed class MergePatchTests
{
    private static readonly Gen<JsonNode> s_value = Gen.Recursive<JsonNode>((depth, inner) => depth > 3
        ? Gen.Int[0, 3].Select(static n => (JsonNode)JsonValue.Create(n))
        : Gen.OneOf(Gen.Int[0, 3].Select(static n => (JsonNode)JsonValue.Create(n)), inner.Array[0, 2].Select(static a => (JsonNode)new JsonArray([.. a])), Map(inner).Select(static m => (JsonNode)m)));

    [Fact]
    public void What_is_merged_comes_to_what_was_wanted() => Gen.Select(Map(s_value), Map(s_value)).Sample(static (from, to) =>
        JsonNode.DeepEquals(Merge(from.DeepClone(), MergePatch.Between(from, to)), to));

    [Fact]
    public void Nothing_different_is_an_empty_patch() => Map(s_value).Sample(static one => MergePatch.Between(one, one.DeepClone().AsObject()).Count == 0);

    private static Gen<JsonObject> Map(Gen<JsonNode> value) => Gen.Select(Gen.Char["abc"].Select(static c => $"{c}"), value).Array[0, 3]
        .Select(static pairs => new JsonObject(pairs.DistinctBy(static p => p.Item1).Select(static p => KeyValuePair.Create<string, JsonNode?>(p.Item1, p.Item2.DeepClone()))));

    // The algorithm of RFC 7386, section 2.
    private static JsonNode? Merge(JsonNode? target, JsonNode? patch)
    {
        if (patch is not JsonObject map) return patch?.DeepClone();
        var result = target as JsonObject ?? [];
        foreach (var (name, value) in map)
        {
            if (value is null) result.Remove(name);
            else result[name] = Merge(result[name]?.DeepClone(), value);
        }

        return result;
    }
}
