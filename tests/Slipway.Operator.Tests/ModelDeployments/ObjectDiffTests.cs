using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using Slipway.Kubernetes.Objects;
using Slipway.Operator.ModelDeployments;
using Slipway.Runtimes;

namespace Slipway.Operator.Tests.ModelDeployments;

public sealed class ObjectDiffTests
{
    private const string Uid = "uid-a";

    [Fact]
    public void What_is_missing_is_made_and_what_is_there_is_left_alone()
    {
        var made = Assert.IsType<ApplyObject>(Assert.Single(Changes(Rendered(), null)));
        Assert.True(made.IsNew);
        Assert.Empty(Changes(Rendered(), made.Object));
    }

    [Fact]
    public void Where_what_is_there_differs_is_named_field_by_field_and_what_others_added_is_not()
    {
        var there = Applied(Rendered());
        there["spec"]!["defaulted"] = 1;
        Assert.Empty(Look(Rendered(), there).Differences);
        there["spec"]!["replicas"] = 7;
        there["spec"]!["containers"]![0]!["name"] = "other";
        there["spec"]!.AsObject().Remove("selector");
        var look = Look(Rendered(), there);
        Assert.True(look.IsThere);
        Assert.Equal(["spec.containers[0].name: \"other\"", "spec.replicas: 7", "spec.selector: "], look.Differences.Select(static d => $"{d.Path}: {d.Is}").Order(StringComparer.Ordinal));
        Assert.DoesNotContain("slipway.dev/rendered", look.Wanted.ToJsonString(), StringComparison.Ordinal);
        Assert.False(Look(Rendered(), null).IsThere);
    }

    [Fact]
    public void Fields_that_others_added_do_not_matter()
    {
        var there = Applied(Rendered());
        there["spec"]!["defaulted"] = 1;
        there["spec"]!["containers"]!.AsArray().Insert(0, new JsonObject { ["name"] = "sidecar" });
        there["status"] = new JsonObject { ["ready"] = true };
        Assert.Empty(Changes(Rendered(), there));
    }

    [Fact]
    public void A_field_that_somebody_changed_is_set_right()
    {
        var there = Applied(Rendered());
        there["spec"]!["replicas"] = 7;
        Assert.False(Assert.IsType<ApplyObject>(Assert.Single(Changes(Rendered(), there))).IsNew);
    }

    [Fact]
    public void A_field_that_is_no_longer_wanted_is_taken_back()
    {
        var less = Rendered();
        less["spec"]!.AsObject().Remove("selector");
        Assert.IsType<ApplyObject>(Assert.Single(Changes(less, Applied(Rendered()))));
    }

    [Fact]
    public void What_cannot_change_in_place_is_deleted_first_and_made_anew_once_it_is_gone()
    {
        var there = Applied(Identified("model-a"));
        Assert.IsType<DeleteObject>(Assert.Single(Changes(Identified("model-b"), there)));
        there["metadata"]!["deletionTimestamp"] = "2026-01-01T00:00:00Z";
        Assert.Empty(Changes(Identified("model-b"), there));
        Assert.IsType<ApplyObject>(Assert.Single(Changes(Identified("model-b"), null)));
    }

    [Fact]
    public void What_is_owned_and_no_longer_rendered_is_deleted_and_what_others_own_is_not()
    {
        var mine = Object("Service", "old", Uid);
        var theirs = Object("Service", "theirs", "uid-b");
        var observed = Observed(mine, theirs, Applied(Rendered()));
        Assert.Equal(new DeleteObject("Service", "old"), Assert.Single(ObjectDiff.Changes([Rendered()], observed, Uid)));
    }

    [Fact]
    public void Whatever_a_server_adds_an_object_covers_itself_and_not_one_with_another_value() =>
        Json(3).Select(Json(3)).Sample((a, b) =>
        {
            var there = Element(a);
            return ObjectDiff.Covers(there, a) && (JsonNode.DeepEquals(a, b) || !ObjectDiff.Covers(there, b) || !ObjectDiff.Covers(Element(b), a) || Looser(a, b));
        });

    // Empty maps and lists are as good as absent, and a list covers a part of it; only then may two different values cover each other.
    private static bool Looser(JsonNode? a, JsonNode? b) => (a is JsonObject or JsonArray) && (b is JsonObject or JsonArray);

    private static Gen<JsonNode?> Json(int depth)
    {
        var leaf = Gen.OneOf<JsonNode?>(Gen.Int.Select(i => (JsonNode?)i), Gen.Bool.Select(v => (JsonNode?)v), Gen.String[0, 4].Select(v => (JsonNode?)v));
        if (depth == 0) return leaf;
        var inner = Json(depth - 1);
        return Gen.OneOf(
            leaf,
            inner.Array[0, 3].Select(v => (JsonNode?)new JsonArray([.. v.Select(n => n?.DeepClone())])),
            Gen.Select(Gen.String[Gen.Char['a', 'd'], 1, 2], inner).Array[0, 3].Select(v =>
            {
                var map = new JsonObject();
                foreach (var (key, value) in v) map[key] = value?.DeepClone();
                return (JsonNode?)map;
            }));
    }

    private static RenderedObject Look(JsonObject rendered, JsonObject? there) => RenderedObject.Of(Applied(rendered), there is null ? Observed() : Observed(there));

    private static IReadOnlyList<ObjectChange> Changes(JsonObject rendered, JsonObject? there) =>
        ObjectDiff.Changes([rendered], there is null ? Observed() : Observed(there), Uid);

    private static ImmutableDictionary<ObjectId, CachedObject> Observed(params JsonObject[] objects) => objects.ToImmutableDictionary(
        o => new ObjectId((string)o["kind"]!, (string)o["metadata"]!["name"]!), o => new CachedObject(Element(o)));

    private static JsonElement Element(JsonNode? node) => JsonDocument.Parse(node?.ToJsonString() ?? "null").RootElement;

    private static JsonObject Applied(JsonObject rendered) =>
        Assert.IsType<ApplyObject>(Assert.Single(ObjectDiff.Changes([rendered], Observed(), Uid))).Object.DeepClone().AsObject();

    private static JsonObject Identified(string model)
    {
        var value = Rendered();
        Slipway.Runtimes.Objects.Rendered.Identify(value, model);
        return value;
    }

    private static JsonObject Rendered()
    {
        var value = Object("Thing", "a", Uid);
        value["spec"] = new JsonObject
        {
            ["replicas"] = 2,
            ["selector"] = new JsonObject { ["app"] = "a" },
            ["containers"] = new JsonArray(new JsonObject { ["name"] = "main", ["args"] = new JsonArray("--a", "--b") }),
            ["empty"] = new JsonObject(),
        };
        return value;
    }

    private static JsonObject Object(string kind, string name, string owner) => new()
    {
        ["apiVersion"] = "example.com/v1",
        ["kind"] = kind,
        ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = "default", ["ownerReferences"] = new JsonArray(new JsonObject { ["uid"] = owner }) },
    };
}
