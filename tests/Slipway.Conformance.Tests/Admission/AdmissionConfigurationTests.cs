using System.Text.Json.Nodes;
using Slipway.Conformance.Tests.Harness;

namespace Slipway.Conformance.Tests.Admission;

public sealed class AdmissionConfigurationTests(TestServer server)
{
    [Fact]
    public async Task What_is_left_out_of_a_webhook_has_defaults()
    {
        await using var made = await MakeAsync("Mutating", """
            {"name":"a.example.com","clientConfig":{"service":{"namespace":"x","name":"y"}},"sideEffects":"None","admissionReviewVersions":["v1"],
            "rules":[{"apiGroups":[""],"apiVersions":["v1"],"resources":["pods"],"operations":["CREATE"]}],"namespaceSelector":{"matchLabels":{"no":"where"}}}
            """);
        var webhook = (await server.GetAsync(made.Path)).At("webhooks.0")!;
        Assert.Equal("Fail", (string?)webhook["failurePolicy"]);
        Assert.Equal("Equivalent", (string?)webhook["matchPolicy"]);
        Assert.Equal("Never", (string?)webhook["reinvocationPolicy"]);
        Assert.Equal(10, (int)webhook["timeoutSeconds"]!);
        Assert.Equal("{}", webhook["objectSelector"]!.ToJsonString());
        Assert.Equal("*", (string?)webhook["rules"]![0]!["scope"]);
        Assert.Equal(443, (int)webhook["clientConfig"]!["service"]!["port"]!);
    }

    [Theory]
    [InlineData("""{"name":"short.com"}""", "webhooks[0].name: Invalid value: \"short.com\": should be a domain with at least three segments separated by dots")]
    [InlineData("""{"name":""}""", "webhooks[0].name: Required value")]
    [InlineData("""{"clientConfig":{"url":"http://x/y"}}""", "webhooks[0].clientConfig.url: Invalid value: \"http\": 'https' is the only allowed URL scheme; desired format: https://host[/path]")]
    [InlineData("""{"clientConfig":{"url":"https://u:p@x/y"}}""", "webhooks[0].clientConfig.url: Invalid value: \"u:p\": user information is not permitted in the URL")]
    [InlineData("""{"clientConfig":{"url":"https://x/y?a=b"}}""", "webhooks[0].clientConfig.url: Invalid value: \"a=b\": query parameters are not permitted in the URL")]
    [InlineData("""{"clientConfig":{"url":"https://x/y#f"}}""", "webhooks[0].clientConfig.url: Invalid value: \"f\": fragments are not permitted in the URL")]
    [InlineData("""{"clientConfig":{}}""", "webhooks[0].clientConfig: Required value: exactly one of url or service is required")]
    [InlineData("""{"clientConfig":{"service":{"name":"","namespace":"x"}}}""", "webhooks[0].clientConfig.service.namespace: Required value")]
    [InlineData("""{"clientConfig":{"service":{"name":"a","namespace":"x","port":70000}}}""", "webhooks[0].clientConfig.service.port: Invalid value: 70000: port is not valid: must be between 1 and 65535, inclusive")]
    [InlineData("""{"clientConfig":{"service":{"name":"a","namespace":"x","path":"//b"}}}""", "webhooks[0].clientConfig.service.path: Invalid value: \"//b\": segment[0] may not be empty")]
    [InlineData("""{"sideEffects":"Some"}""", "webhooks[0].sideEffects: Unsupported value: \"Some\": supported values: \"None\", \"NoneOnDryRun\"")]
    [InlineData("""{"sideEffects":null}""", "webhooks[0].sideEffects: Required value: must specify one of None, NoneOnDryRun")]
    [InlineData("""{"admissionReviewVersions":["v9"]}""", "webhooks[0].admissionReviewVersions: Invalid value: [\"v9\"]: must include at least one of v1, v1beta1")]
    [InlineData("""{"admissionReviewVersions":["v1","v1"]}""", "webhooks[0].admissionReviewVersions[1]: Invalid value: \"v1\": duplicate version")]
    [InlineData("""{"admissionReviewVersions":null}""", "webhooks[0].admissionReviewVersions: Required value: must specify one of v1, v1beta1")]
    [InlineData("""{"timeoutSeconds":31}""", "webhooks[0].timeoutSeconds: Invalid value: 31: the timeout value must be between 1 and 30 seconds")]
    [InlineData("""{"failurePolicy":"Maybe"}""", "webhooks[0].failurePolicy: Unsupported value: \"Maybe\": supported values: \"Fail\", \"Ignore\"")]
    [InlineData("""{"rules":[{"apiGroups":["*","a"],"apiVersions":["v1"],"resources":["pods"],"operations":["*"]}]}""", "webhooks[0].rules[0].apiGroups: Invalid value: [\"*\",\"a\"]: if '*' is present, must not specify other API groups")]
    [InlineData("""{"rules":[{"apiGroups":[""],"apiVersions":["v1"],"resources":["pods"],"operations":["WATCH"]}]}""", "webhooks[0].rules[0].operations[0]: Unsupported value: \"WATCH\": supported values: \"*\", \"CONNECT\", \"CREATE\", \"DELETE\", \"UPDATE\"")]
    [InlineData("""{"rules":[{"apiGroups":[""],"apiVersions":["v1"],"resources":["*/*","pods"],"operations":["*"]}]}""", "webhooks[0].rules[0].resources: Invalid value: [\"*/*\",\"pods\"]: if '*/*' is present, must not specify other resources")]
    [InlineData("""{"rules":[{"apiGroups":[""],"apiVersions":["v1"],"resources":["pods/*","pods/status"],"operations":["*"]}]}""", "webhooks[0].rules[0].resources[1]: Invalid value: \"pods/status\": if 'pods/*' is present, must not specify pods/status")]
    [InlineData("""{"rules":[{"apiGroups":[""],"apiVersions":["v1"],"resources":[],"operations":["*"]}]}""", "webhooks[0].rules[0].resources: Required value")]
    [InlineData("""{"objectSelector":{"matchExpressions":[{"key":"a","operator":"Like"}]}}""", "webhooks[0].objectSelector.matchExpressions[0].operator: Invalid value: \"Like\": not a valid selector operator")]
    [InlineData("""{"objectSelector":{"matchExpressions":[{"key":"a","operator":"In"}]}}""", "webhooks[0].objectSelector.matchExpressions[0].values: Required value: must be specified when `operator` is 'In' or 'NotIn'")]
    [InlineData("""{"matchConditions":[{"name":"a","expression":"1"}]}""", "webhooks[0].matchConditions[0].expression: Invalid value: \"1\": must evaluate to bool but got int")]
    [InlineData("""{"matchConditions":[{"name":"a","expression":"object.x"}]}""", "webhooks[0].matchConditions[0].expression: Invalid value: \"object.x\": must evaluate to bool but got dyn")]
    [InlineData("""{"matchConditions":[{"name":"a","expression":" "}]}""", "webhooks[0].matchConditions[0].expression: Required value")]
    [InlineData("""{"matchConditions":[{"name":"a","expression":"true"},{"name":"a","expression":"true"}]}""", "webhooks[0].matchConditions[1].name: Duplicate value: \"a\"")]
    public async Task A_webhook_that_could_not_be_asked_is_refused(string members, string why)
    {
        var webhook = JsonNode.Parse("""{"name":"a.example.com","clientConfig":{"url":"https://x/y"},"sideEffects":"None","admissionReviewVersions":["v1"]}""")!.AsObject();
        foreach (var (name, value) in JsonNode.Parse(members)!.AsObject()) webhook[name] = value?.DeepClone();
        foreach (var kind in (string[])["Mutating", "Validating"])
        {
            var answer = await server.PostAsync($"{Configured.Registration}/{kind.ToLowerInvariant()}webhookconfigurations", Body(kind, "refused", webhook.ToJsonString()));
            answer.ExpectStatus(422, "Invalid");
            Assert.Equal($"{kind}WebhookConfiguration.admissionregistration.k8s.io \"refused\" is invalid: {why}", answer.Message);
            Assert.Equal(why[..why.IndexOf(": ", StringComparison.Ordinal)], answer.Text("details.causes.0.field"));
        }
    }

    [Fact]
    public async Task Two_webhooks_of_one_name_are_refused()
    {
        const string Webhook = """{"name":"a.example.com","clientConfig":{"url":"https://x/y"},"sideEffects":"None","admissionReviewVersions":["v1"]}""";
        var answer = await server.PostAsync($"{Configured.Registration}/validatingwebhookconfigurations", Body("Validating", "refused", $"{Webhook},{Webhook}"));
        Assert.Equal("ValidatingWebhookConfiguration.admissionregistration.k8s.io \"refused\" is invalid: webhooks[1].name: Duplicate value: \"a.example.com\"", answer.Message);
    }

    [Fact]
    public async Task An_expression_that_does_not_compile_is_shown_with_a_caret()
    {
        const string Webhook = """{"name":"a.example.com","clientConfig":{"url":"https://x/y"},"sideEffects":"None","admissionReviewVersions":["v1"],"matchConditions":[{"name":"a","expression":"nothing == 1"}]}""";
        var answer = await server.PostAsync($"{Configured.Registration}/validatingwebhookconfigurations", Body("Validating", "refused", Webhook));
        answer.ExpectStatus(422, "Invalid");
        Assert.Contains("compilation failed: ERROR: <input>:1:1: undeclared reference to 'nothing' (in container '')\n | nothing == 1\n | ^", answer.Message, StringComparison.Ordinal);
    }

    private Task<Configured> MakeAsync(string kind, string webhook)
    {
        var name = "c-" + Guid.NewGuid().ToString("N")[..10];
        return Configured.MakeAsync(server, kind.ToLowerInvariant() + "webhookconfigurations", name, Body(kind, name, webhook));
    }

    private static string Body(string kind, string name, string webhooks) =>
        $$"""{"apiVersion":"admissionregistration.k8s.io/v1","kind":"{{kind}}WebhookConfiguration","metadata":{"name":"{{name}}"},"webhooks":[{{webhooks}}]}""";
}
