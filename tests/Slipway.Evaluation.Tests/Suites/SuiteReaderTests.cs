using System.Text.Json.Nodes;
using Slipway.Evaluation.Suites;

namespace Slipway.Evaluation.Tests.Suites;

public sealed class SuiteReaderTests
{
    private const string Good = """
        {
          "apiVersion": "slipway.dev/v1alpha1", "kind": "EvaluationSuite", "metadata": {"name": "sums"},
          "spec": {
            "description": "Sums.",
            "request": {"temperature": 0, "maxTokens": 32, "system": "Be short.", "stop": ["\n"]},
            "graders": ["exact", {"type": "finish", "critical": true}],
            "prompts": [
              {"id": "a", "prompt": "1+1?", "expected": "2", "stratum": "add"},
              {"id": "b", "messages": [{"role": "user", "content": "Hello"}, {"role": "assistant", "content": "Hi"}, {"role": "user", "content": "2+2?"}],
               "expected": ["4", 4], "cluster": "talk-1", "graders": [{"type": "numeric", "name": "value", "weight": 2, "with": {"absolute": 0.5}}]}
            ]
          }
        }
        """;

    [Fact]
    public void A_suite_is_read_whole()
    {
        var reading = SuiteReader.Read(Json(Good));
        Assert.Empty(reading.Problems);
        var suite = reading.Suite!;
        Assert.Equal(("sums", "Sums.", 32), (suite.Name, suite.Description, suite.Settings.MaxTokens));
        Assert.Equal(["\n"], suite.Settings.Stop);
        var (a, b) = (suite.Prompts[0], suite.Prompts[1]);
        Assert.Equal([("system", "Be short."), ("user", "1+1?")], a.Messages.Select(m => (m.Role, m.Content)));
        Assert.Equal(("add", "a"), (a.Stratum, a.Cluster));
        Assert.Equal([("exact", false), ("finish", true)], a.Graders.Select(g => (g.Type, g.Critical)));
        Assert.Equal(["4", "4"], b.Expected);
        Assert.Equal(("talk-1", 4), (b.Cluster, b.Messages.Length));
        Assert.Equal([("value", "numeric", 2.0)], b.Graders.Select(g => (g.Name, g.Type, g.Weight)));
    }

    [Fact]
    public void Its_digest_is_of_what_decides_a_score()
    {
        var digest = SuiteReader.Read(Json(Good)).Suite!.Digest;
        Assert.Matches("^sha256:[0-9a-f]{64}$", digest);
        Assert.Equal(digest, SuiteReader.Read(Change(s => s["description"] = "Other words.")).Suite!.Digest);
        var turned = Json(Good);
        var prompt = turned["spec"]!["prompts"]![0]!.AsObject();
        var id = prompt["id"]!.DeepClone();
        prompt.Remove("id");
        prompt["id"] = id;
        Assert.Equal(digest, SuiteReader.Read(turned).Suite!.Digest);
        Assert.NotEqual(digest, SuiteReader.Read(Change(s => s["request"]!["temperature"] = 1)).Suite!.Digest);
        Assert.NotEqual(digest, SuiteReader.Read(Change(s => s["prompts"]![0]!["expected"] = "3")).Suite!.Digest);
        Assert.NotEqual(digest, SuiteReader.Read(Change(s => s["graders"]![1]!["critical"] = false)).Suite!.Digest);
    }

    [Fact]
    public void The_digest_is_the_same_whether_prompts_stand_in_the_manifest_or_in_a_file()
    {
        var inFile = Json(Good);
        var lines = string.Join("\n", inFile["spec"]!["prompts"]!.AsArray().Select(p => p!.ToJsonString())) + "\n\n";
        inFile["spec"]!.AsObject().Remove("prompts");
        inFile["spec"]!["source"] = new JsonObject { ["file"] = "prompts.jsonl" };
        var reading = SuiteReader.Read(inFile, name => name == "prompts.jsonl" ? lines : throw new FileNotFoundException(name));
        Assert.Empty(reading.Problems);
        Assert.Equal(SuiteReader.Read(Json(Good)).Suite!.Digest, reading.Suite!.Digest);
    }

    [Fact]
    public void The_manifest_written_out_is_the_same_suite()
    {
        var reading = SuiteReader.Read(Json(Good));
        var again = SuiteReader.Read(reading.Manifest!);
        Assert.Equal(reading.Suite!.Digest, again.Suite!.Digest);
        Assert.True(JsonNode.DeepEquals(reading.Manifest, again.Manifest));
        Assert.Equal("""{"type":"exact"}""", reading.Manifest!["spec"]!["graders"]![0]!.ToJsonString());
        Assert.Equal("""["4","4"]""", reading.Manifest["spec"]!["prompts"]![1]!["expected"]!.ToJsonString());
    }

    [Theory]
    [InlineData("kind", "\"ModelDeployment\"", "kind has to be EvaluationSuite")]
    [InlineData("spec.prompts", "[]", "spec.prompts is empty")]
    [InlineData("spec.prompts", "[{\"id\":\"a\",\"prompt\":\"x\",\"expected\":\"y\",\"answer\":\"y\"}]", "spec.prompts[0].answer is not known here")]
    [InlineData("spec.prompts", "[{\"id\":\"a\",\"prompt\":\"x\"}]", "spec.prompts[0] (exact) needs expected")]
    [InlineData("spec.prompts", "[{\"prompt\":\"x\",\"expected\":\"y\"}]", "spec.prompts[0].id is required")]
    [InlineData("spec.prompts", "[{\"id\":\"a\",\"expected\":\"y\"}]", "spec.prompts[0].prompt is required")]
    [InlineData("spec.prompts", "[{\"id\":\"a\",\"prompt\":\"x\",\"expected\":\"y\"},{\"id\":\"a\",\"prompt\":\"z\",\"expected\":\"y\"}]", "the id a is given 2 times")]
    [InlineData("spec.prompts", "[7]", "spec.prompts[0] is an object")]
    [InlineData("spec.prompts", "7", "spec.prompts is a list")]
    [InlineData("spec.graders", "[{\"type\":\"vibes\"}]", "\"vibes\" is no grader: bleu, ")]
    [InlineData("spec.graders", "[{\"type\":\"exact\",\"with\":{\"ignorecase\":true}}]", "spec.graders[0].with.ignorecase is not known here: ignoreCase, ignorePunctuation are")]
    [InlineData("spec.graders", "[{\"type\":\"regex\",\"with\":{\"pattern\":\"(?=a)b\"}}]", "need backtracking are not taken")]
    [InlineData("spec.graders", "[{\"type\":\"regex\",\"with\":{\"pattern\":\"(\"}}]", "is no regular expression")]
    [InlineData("spec.graders", "[{\"type\":\"exact\",\"weight\":0}]", "have weights of 0 only")]
    [InlineData("spec.request", "{\"temperature\":3}", "spec.request.temperature is a number from 0 to 2")]
    [InlineData("spec.request", "{\"maxTokens\":1.5}", "spec.request.maxTokens is a whole number")]
    [InlineData("spec.source", "{\"file\":\"missing.jsonl\"}", "spec.source.file missing.jsonl cannot be read")]
    [InlineData("spec.source", "{\"file\":\"broken.jsonl\"}", "broken.jsonl line 2: ")]
    [InlineData("spec.source", "{}", "spec.source.file is required")]
    public void What_is_wrong_is_named_with_its_place(string path, string value, string problem)
    {
        var manifest = Json(Good);
        JsonNode at = manifest;
        var names = path.Split('.');
        foreach (var name in names[..^1]) at = at[name]!;
        at[names[^1]] = JsonNode.Parse(value);
        var reading = SuiteReader.Read(manifest, name => name == "broken.jsonl" ? "{\"id\":\"z\",\"prompt\":\"?\",\"expected\":\"!\"}\n{\"id\":\n" : throw new FileNotFoundException("there is no such file"));
        Assert.Null(reading.Suite);
        Assert.Contains(reading.Problems, p => p.Contains(problem, StringComparison.Ordinal));
    }

    private static JsonObject Change(Action<JsonObject> change)
    {
        var manifest = Json(Good);
        change(manifest["spec"]!.AsObject());
        return manifest;
    }

    private static JsonObject Json(string text) => JsonNode.Parse(text)!.AsObject();
}
