using System.Net;
using Slipway.Conformance.Tests.Harness;

namespace Slipway.Conformance.Tests.Definitions;

/// <summary>Names that two definitions of a group claim, and versions that objects were stored in.</summary>
public sealed class DefinitionNameTests(TestServer server)
{
    private const string Crds = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";

    [Theory]
    [InlineData("""{"plural":"others","kind":"Thing","listKind":"OtherList"}""", "KindConflict", "\"Thing\" is already in use")]
    [InlineData("""{"plural":"others","kind":"Other","listKind":"ThingList"}""", "ListKindConflict", "\"ThingList\" is already in use")]
    [InlineData("""{"plural":"others","singular":"thing","kind":"Other"}""", "SingularConflict", "\"thing\" is already in use")]
    [InlineData("""{"plural":"others","kind":"Other","shortNames":["th","ot"]}""", "ShortNamesConflict", "\"th\" is already in use")]
    public async Task Who_comes_second_waits_for_the_name(string names, string reason, string message)
    {
        var group = $"{Guid.NewGuid().ToString("N")[..8]}.example.com";
        (await DefineAsync(group, "things", """{"plural":"things","kind":"Thing","shortNames":["th"]}""")).Expect(HttpStatusCode.Created);
        (await DefineAsync(group, "others", names)).Expect(HttpStatusCode.Created);
        var other = await WaitAsync($"{Crds}/others.{group}", c => Condition(c, "NamesAccepted") is not null);
        Assert.Equal(("False", reason, message), Condition(other, "NamesAccepted"));
        Assert.Equal(("False", "NotAccepted", "not all names are accepted"), Condition(other, "Established"));
        var unserved = await server.GetAsync($"/apis/{group}/v1/others");
        Assert.Equal((HttpStatusCode.NotFound, "404 page not found\n"), (unserved.Code, unserved.Body));
        Assert.Equal(("True", "NoConflicts", "no conflicts found"), Condition(await server.GetAsync($"{Crds}/things.{group}"), "NamesAccepted"));

        (await server.DeleteAsync($"{Crds}/things.{group}")).Expect(HttpStatusCode.OK);
        other = await WaitAsync($"{Crds}/others.{group}", c => Condition(c, "Established")?.Status == "True");
        Assert.Equal(("True", "NoConflicts", "no conflicts found"), Condition(other, "NamesAccepted"));
        await TestServer.EventuallyAsync(async () => (await server.GetAsync($"/apis/{group}/v1/others")).Code == HttpStatusCode.OK, "the second is served");
        await using var end = await Watching.OpenAsync(server, $"{Crds}?watch=true&fieldSelector=metadata.name%3Dothers.{group}");
        (await server.DeleteAsync($"{Crds}/others.{group}")).Expect(HttpStatusCode.OK);
        while (await end.NextNameAsync() != $"DELETED others.{group}")
        {
            // What comes before is its way there.
        }
    }

    [Fact]
    public async Task A_version_that_objects_were_stored_in_cannot_go()
    {
        var kind = await server.DefineAsync("""{"type":"object"}""");
        var path = $"{Crds}/{kind.Plural}.{kind.Group}";
        const string Next = """{"name":"v2","served":true,"storage":true,"schema":{"openAPIV3Schema":{"type":"object","x-kubernetes-preserve-unknown-fields":true}}}""";
        (await server.JsonPatchAsync(path, $$$"""[{"op":"replace","path":"/spec/versions/0/storage","value":false},{"op":"add","path":"/spec/versions/1","value":{{{Next}}}}]""")).Expect(HttpStatusCode.OK);
        Assert.Equal("""["v1","v2"]""", (await server.GetAsync(path)).At("status.storedVersions")!.ToJsonString());
        var answer = await server.JsonPatchAsync(path, """[{"op":"remove","path":"/spec/versions/0"}]""");
        answer.ExpectStatus(422, "Invalid");
        Assert.EndsWith("status.storedVersions[0]: Invalid value: \"v1\": missing from spec.versions; v1 was previously a storage version, and must remain in spec.versions until a " +
            "storage migration ensures no data remains persisted in v1 and removes v1 from status.storedVersions", answer.Message, StringComparison.Ordinal);
        (await server.MergeAsync(path + "/status", """{"status":{"storedVersions":["v2"]}}""")).Expect(HttpStatusCode.OK);
        (await server.JsonPatchAsync(path, """[{"op":"remove","path":"/spec/versions/0"}]""")).Expect(HttpStatusCode.OK);
    }

    private Task<Answer> DefineAsync(string group, string plural, string names) => server.PostAsync(Crds, $$$"""
        {"apiVersion":"apiextensions.k8s.io/v1","kind":"CustomResourceDefinition","metadata":{"name":"{{{plural}}}.{{{group}}}"},"spec":{"group":"{{{group}}}","scope":"Cluster","names":{{{names}}},
         "versions":[{"name":"v1","served":true,"storage":true,"schema":{"openAPIV3Schema":{"type":"object"} } }]} }
        """);

    /// <summary>Reads again until it holds: a controller may need a moment.</summary>
    private async Task<Answer> WaitAsync(string path, Func<Answer, bool> holds)
    {
        await using var watch = await Watching.OpenAsync(server, $"{Crds}?watch=true&fieldSelector=metadata.name%3D{path[(path.LastIndexOf('/') + 1)..]}");
        while (true)
        {
            var answer = await server.GetAsync(path);
            if (holds(answer)) return answer;
            await watch.NextNameAsync();
        }
    }

    private static (string Status, string Reason, string Message)? Condition(Answer crd, string type)
    {
        if (crd.At("status.conditions") is not System.Text.Json.Nodes.JsonArray conditions) return null;
        foreach (var condition in conditions)
            if (condition!["type"]!.ToString() == type) return (condition["status"]!.ToString(), condition["reason"]!.ToString(), condition["message"]!.ToString());
        return null;
    }
}
