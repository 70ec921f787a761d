using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Slipway.Conformance.Tests.Harness;

namespace Slipway.Conformance.Tests.Admission;

public sealed class WebhookFailureTests(TestServer server, WebhookServer webhooks) : IClassFixture<WebhookServer>
{
    private const string Closed = """{"url":"https://127.0.0.1:1/hook"}""";

    [Fact]
    public async Task A_webhook_that_refuses_connections_fails_the_request_or_is_ignored()
    {
        var failed = await AskAsync(Closed);
        failed.ExpectStatus(500, "InternalError");
        Assert.Equal("Internal error occurred: failed calling webhook \"hook0.example.com\": failed to call webhook: " +
            "Post \"https://127.0.0.1:1/hook?timeout=10s\": dial tcp 127.0.0.1:1: connect: connection refused", failed.Message);
        Assert.StartsWith("failed calling webhook", failed.Text("details.causes.0.message"), StringComparison.Ordinal);
        (await AskAsync(Closed, """{"failurePolicy":"Ignore"}""")).Expect(HttpStatusCode.Created);
    }

    [Fact]
    public async Task A_webhook_that_never_answers_is_given_its_time()
    {
        var hook = webhooks.Raw((http, _) => new TaskCompletionSource().Task.WaitAsync(http.RequestAborted));
        var answer = await AskAsync(hook.ClientConfig, """{"timeoutSeconds":1}""");
        Assert.Equal($"{Lead}failed to call webhook: Post \"https://127.0.0.1:{webhooks.Port}{hook.Path}?timeout=1s\": context deadline exceeded", answer.Message);
    }

    [Fact]
    public async Task An_answer_of_another_uid_counts_for_nothing()
    {
        var hook = webhooks.Add(_ => new JsonObject { ["uid"] = "other", ["allowed"] = true });
        var answer = await AskAsync(hook.ClientConfig);
        Assert.Equal($"{Lead}received invalid webhook response: expected response.uid=\"{hook.Request["uid"]}\", got \"other\"", answer.Message);
    }

    [Theory]
    [InlineData("""{"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v1"}""", "webhook response was absent")]
    [InlineData("""{"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v1","response":{"uid":"$","allowed":true,"patch":"W10="}}""", "webhook returned response.patch but not response.patchType")]
    [InlineData("""{"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v1","response":{"uid":"$","allowed":true,"patchType":"JSONPatch"}}""", "webhook returned response.patchType but not response.patch")]
    public async Task An_answer_of_another_shape_counts_for_nothing(string body, string why)
    {
        var answer = await AskAsync(Answering(body).ClientConfig, kind: "Mutating");
        answer.ExpectStatus(500, "InternalError");
        Assert.Equal($"{Lead}received invalid webhook response: {why}", answer.Message);
    }

    [Theory]
    [InlineData("""{"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v1","response":{"uid":"$","allowed":true,"patchType":"JSONPatch","patch":"W10="}}""", "validating webhook may not return response.patch")]
    [InlineData("""{"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v1","response":{"uid":"$","allowed":true,"patchType":"JSONPatch"}}""", "validating webhook may not return response.patchType")]
    public async Task A_validating_webhook_may_not_patch(string body, string why)
    {
        var answer = await AskAsync(Answering(body).ClientConfig);
        Assert.Equal($"{Lead}received invalid webhook response: {why}", answer.Message);
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("[1]")]
    [InlineData("")]
    [InlineData("{\"kind\":\"AdmissionReview\"")]
    public async Task Garbage_counts_for_nothing(string body)
    {
        var answer = await AskAsync(Answering(body).ClientConfig);
        answer.ExpectStatus(500, "InternalError");
        Assert.StartsWith(Lead, answer.Message, StringComparison.Ordinal);
        (await AskAsync(Answering(body).ClientConfig, """{"failurePolicy":"Ignore"}""")).Expect(HttpStatusCode.Created);
    }

    [Theory]
    [InlineData(404, "", "the server could not find the requested resource")]
    [InlineData(500, "broken", "an error on the server (\"broken\") has prevented the request from succeeding")]
    [InlineData(500, """{"kind":"Status","apiVersion":"v1","status":"Failure","message":"said so","code":500}""", "said so")]
    [InlineData(503, "", "the server is currently unable to handle the request")]
    [InlineData(400, "", "the server rejected our request for an unknown reason")]
    [InlineData(429, "", "the server has received too many requests and has asked us to try again later")]
    public async Task Another_code_than_success_is_a_failure(int code, string body, string why)
    {
        var hook = webhooks.Raw((http, _) =>
        {
            http.Response.StatusCode = code;
            if (body.StartsWith('{')) http.Response.ContentType = "application/json";
            return http.Response.WriteAsync(body, http.RequestAborted);
        });
        Assert.Equal($"{Lead}failed to call webhook: {why}", (await AskAsync(hook.ClientConfig)).Message);
    }

    [Fact]
    public async Task A_connection_that_breaks_is_a_failure()
    {
        var hook = webhooks.Raw((http, _) =>
        {
            http.Abort();
            return Task.CompletedTask;
        });
        var answer = await AskAsync(hook.ClientConfig);
        answer.ExpectStatus(500, "InternalError");
        Assert.StartsWith($"{Lead}failed to call webhook: Post \"https://127.0.0.1:{webhooks.Port}{hook.Path}?timeout=10s\": ", answer.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_certificate_of_another_authority_is_not_trusted()
    {
        var hook = webhooks.Allow();
        var answer = await AskAsync($$"""{"url":"https://127.0.0.1:{{webhooks.Port}}{{hook.Path}}"}""");
        answer.ExpectStatus(500, "InternalError");
        Assert.Contains("tls: failed to verify certificate: x509: certificate signed by unknown authority", answer.Message, StringComparison.Ordinal);
        Assert.Empty(hook.Reviews);
    }

    [Fact]
    public async Task A_patch_that_does_not_fit_is_the_webhooks_fault()
    {
        var answer = await AskAsync(webhooks.Patch(_ => """[{"op":"remove","path":"/data/none"}]""").ClientConfig, kind: "Mutating");
        answer.ExpectStatus(500, "InternalError");
        var undecodable = await AskAsync(webhooks.Patch(_ => "nonsense").ClientConfig, kind: "Mutating");
        undecodable.ExpectStatus(500, "InternalError");
        Assert.StartsWith(Lead + "received undecodable patch in webhook response: ", undecodable.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_deletion_cannot_be_patched()
    {
        var ns = await server.NamespaceAsync();
        await server.PostAsync($"/api/v1/namespaces/{ns}/configmaps", """{"metadata":{"name":"a"}}""");
        await using var _ = await Configured.WebhooksAsync(server, "Mutating", ns, (webhooks.Patch(_ => """[{"op":"add","path":"/data","value":{}}]""").ClientConfig, ""));
        var answer = await server.DeleteAsync($"/api/v1/namespaces/{ns}/configmaps/a");
        Assert.Equal("Internal error occurred: admission webhook \"hook0.example.com\" attempted to modify the object, which is not supported for this operation", answer.Message);
    }

    [Fact]
    public async Task A_service_that_is_missing_is_said()
    {
        var answer = await AskAsync("""{"service":{"namespace":"default","name":"nobody","path":"/x"}}""");
        Assert.Equal($"{Lead}failed to call webhook: Post \"https://nobody.default.svc:443/x?timeout=10s\": service \"nobody\" not found", answer.Message);
    }

    private const string Lead = "Internal error occurred: failed calling webhook \"hook0.example.com\": ";

    private Hook Answering(string body) => webhooks.Raw((http, review) =>
    {
        http.Response.ContentType = "application/json";
        return http.Response.WriteAsync(body.Replace("$", (string?)review["request"]!["uid"], StringComparison.Ordinal), http.RequestAborted);
    });

    private async Task<Answer> AskAsync(string clientConfig, string members = "", string kind = "Validating")
    {
        var ns = await server.NamespaceAsync();
        await using var _ = await Configured.WebhooksAsync(server, kind, ns, (clientConfig, members));
        return await server.PostAsync($"/api/v1/namespaces/{ns}/configmaps", """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"},"data":{"x":"1"}}""");
    }
}
