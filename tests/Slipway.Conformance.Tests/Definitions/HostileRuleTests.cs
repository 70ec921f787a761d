using System.Net;
using System.Text;
using Slipway.Conformance.Tests.Harness;

namespace Slipway.Conformance.Tests.Definitions;

/// <summary>Whatever rules and values are sent, an answer comes soon.</summary>
public sealed class HostileRuleTests(TestServer server)
{
    private static readonly TimeSpan s_most = TimeSpan.FromSeconds(20);

    /// <summary>The estimate reckons with characters of four bytes, so a rule can be accepted whose one call is beyond the limit of calls.</summary>
    [Fact]
    public async Task A_call_that_costs_too_much_ends_there()
    {
        var kind = await server.DefineAsync("""
            {"type":"object","properties":{"l":{"type":"array","maxItems":900,"items":{"type":"string","maxLength":2},"x-kubernetes-validations":[{"rule":"self.all(x, self.all(y, x == y || x != y))"}]}}}
            """);
        var ns = await server.NamespaceAsync();
        (await server.PostAsync(kind.Path(ns), kind.Json("small", $$"""{"l":[{{Numbers(100)}}]}"""))).Expect(HttpStatusCode.Created);
        var answer = await server.PostAsync(kind.Path(ns), kind.Json("large", $$"""{"l":[{{Numbers(900)}}]}"""));
        answer.ExpectStatus(422, "Invalid");
        Assert.EndsWith(": spec.l: Invalid value: \"array\": 'operation cancelled: actual cost limit exceeded': no further validation rules will be run due to call cost " +
            "exceeds limit for rule: self.all(x, self.all(y, x == y || x != y))", answer.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("self.s.matches('(a+)+$')")]
    [InlineData("self.s.matches('(a|aa|aaa)*b') || true")]
    [InlineData("self.s.find('(.*)*(.*)*x') == ''")]
    [InlineData("self.s.matches(self.p) || true")]
    [InlineData("self.s.split('').size() > 0")]
    [InlineData("self.s.replace('a', 'aaaaaaaaaaaaaaaa').size() > 0")]
    [InlineData("quantity(self.s.size() > 0 ? '1' : '2').isInteger()")]
    public async Task Patterns_and_texts_take_time_by_their_length(string rule)
    {
        var ns = await server.NamespaceAsync();
        var kind = await server.DefineAsync($$$"""
            {"type":"object","properties":{"s":{"type":"string","maxLength":60000},"p":{"type":"string","maxLength":100}},"x-kubernetes-validations":[{"rule":"{{{rule}}}"}] }
            """);
        var clock = System.Diagnostics.Stopwatch.StartNew();
        var answer = await server.PostAsync(kind.Path(ns), kind.Json("x", $$"""{"s":"{{new string('a', 50_000)}}!","p":"(a*)*(a*)*(a*)*$"}"""));
        Assert.True(answer.Code is HttpStatusCode.Created or HttpStatusCode.UnprocessableEntity, answer.Body[..Math.Min(500, answer.Body.Length)]);
        Assert.True(clock.Elapsed < s_most, clock.Elapsed.ToString());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Any_text_as_a_rule_is_answered(int seed)
    {
        var random = new Random(seed);
        string[] parts = ["self", ".l", ".s", ".o", "[0]", "(", ")", "&&", "||", "==", "all(x, ", "map(x, x)", "+", "'a'", "1", "?", ":", "oldSelf", "{", "}", "size()", "matches('(')", "!", "-", "has(self.s)", " ", "\\n", "true"];
        for (var i = 0; i < 15; i++)
        {
            var rule = new StringBuilder();
            for (var n = random.Next(1, 40); n > 0; n--) rule.Append(parts[random.Next(parts.Length)]);
            var answer = await server.PostAsync("/apis/apiextensions.k8s.io/v1/customresourcedefinitions?dryRun=All", Definition(rule.ToString()));
            Assert.True(answer.Code is HttpStatusCode.Created or HttpStatusCode.UnprocessableEntity, $"{rule}: {answer.Body[..Math.Min(500, answer.Body.Length)]}");
        }
    }

    [Theory]
    [InlineData("(", "true", ")", 2000)]
    [InlineData("!", "true", "", 3000)]
    [InlineData("[", "1", "].size() == 1", 400)]
    [InlineData("[1].all(x, ", "true", ")", 60)]
    [InlineData("", "true", " && true", 9000)]
    public async Task Deep_and_long_rules_are_answered(string before, string middle, string after, int times)
    {
        var rule = string.Concat(Enumerable.Repeat(before, times)) + middle + string.Concat(Enumerable.Repeat(after, times));
        var clock = System.Diagnostics.Stopwatch.StartNew();
        var answer = await server.PostAsync("/apis/apiextensions.k8s.io/v1/customresourcedefinitions?dryRun=All", Definition(rule));
        Assert.True(answer.Code is HttpStatusCode.Created or HttpStatusCode.UnprocessableEntity, answer.Body[..Math.Min(500, answer.Body.Length)]);
        Assert.True(clock.Elapsed < s_most, clock.Elapsed.ToString());
    }

    private static string Numbers(int count) => string.Join(',', Enumerable.Range(0, count).Select(i => $"\"{i % 90}\""));

    private static string Definition(string rule) => $$$"""
        {"apiVersion":"apiextensions.k8s.io/v1","kind":"CustomResourceDefinition","metadata":{"name":"hostile.rules.example.com"},
         "spec":{"group":"rules.example.com","scope":"Namespaced","names":{"plural":"hostile","kind":"Hostile"},"versions":[{"name":"v1","served":true,"storage":true,
          "schema":{"openAPIV3Schema":{"type":"object","properties":{"spec":{"type":"object","x-kubernetes-validations":[{"rule":"{{{rule}}}","message":"m"}],
           "properties":{"s":{"type":"string"},"l":{"type":"array","items":{"type":"string"}},"o":{"type":"object","properties":{"s":{"type":"string"} } } } } } } } }]} }
        """;
}
