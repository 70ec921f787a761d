using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;
using Slipway.ApiServer.Admission;
using Slipway.ApiServer.Authentication;
using Slipway.ApiServer.Kinds;
using Slipway.ApiServer.Requests;
using Slipway.ApiServer.Storage;
using Slipway.Conformance.Tests.Harness;
using Slipway.Testing;

namespace Slipway.ApiServer.Tests;

/// <summary>What holds for the embedded server alone: its way to services, its bounds, its costs.</summary>
public sealed class EmbeddedWebhookTests(TestServer server, WebhookServer webhooks) : IClassFixture<WebhookServer>
{
    [Theory]
    [InlineData("slice")]
    [InlineData("endpoints")]
    public async Task A_service_is_reached_through_its_endpoints(string how)
    {
        // The certificate is of the name that the service has in a cluster.
        await server.PostAsync("/api/v1/namespaces", """{"metadata":{"name":"webhooks"}}""");
        await server.PostAsync("/api/v1/namespaces/webhooks/services", """{"metadata":{"name":"hook"},"spec":{"ports":[{"name":"https","port":443}]}}""");
        var (hook, ns) = (webhooks.Deny("reached"), await server.NamespaceAsync());
        await using var _ = await Configured.WebhooksAsync(server, "Validating", ns,
            ($$"""{"service":{"namespace":"webhooks","name":"hook","path":"{{hook.Path}}"},"caBundle":"{{webhooks.CaBundle}}"}""", ""));
        Assert.EndsWith("no endpoints available for service \"hook\"", (await CreateAsync(ns)).Message, StringComparison.Ordinal);
        var (path, body) = how == "slice"
            ? ("/apis/discovery.k8s.io/v1/namespaces/webhooks/endpointslices", $$"""
                {"metadata":{"name":"x","labels":{"kubernetes.io/service-name":"hook"} },"addressType":"IPv4","endpoints":[{"addresses":["127.0.0.1"]}],"ports":[{"name":"https","port":{{webhooks.Port}} }]}
                """)
            : ("/api/v1/namespaces/webhooks/endpoints", $$"""{"metadata":{"name":"hook"},"subsets":[{"addresses":[{"ip":"127.0.0.1"}],"ports":[{"name":"https","port":{{webhooks.Port}} }]}]}""");
        var made = (await server.PostAsync(path, body)).Expect(HttpStatusCode.Created);
        Assert.Equal("admission webhook \"hook0.example.com\" denied the request: reached", (await CreateAsync(ns)).Message);
        (await server.DeleteAsync($"{path}/{made.Text("metadata.name")}")).Expect(HttpStatusCode.OK);
    }

    [Fact]
    public async Task An_answer_without_end_is_cut_off()
    {
        var ns = await server.NamespaceAsync();
        var hook = webhooks.Raw(async (http, _) =>
        {
            var chunk = new byte[1024 * 1024];
            while (!http.RequestAborted.IsCancellationRequested) await http.Response.Body.WriteAsync(chunk, http.RequestAborted);
        });
        await using var _ = await Configured.WebhooksAsync(server, "Validating", ns, (hook.ClientConfig, ""));
        var answer = await CreateAsync(ns);
        answer.ExpectStatus(500, "InternalError");
        Assert.EndsWith("the answer has more than 33554432 bytes", answer.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_webhook_has_its_time_and_no_more()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var own = new TestServer { Time = time };
        await own.StartAsync();
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var hook = webhooks.Raw((http, _) =>
        {
            asked.SetResult();
            return new TaskCompletionSource().Task.WaitAsync(http.RequestAborted);
        });
        var ns = await own.NamespaceAsync();
        await using var _ = await Configured.WebhooksAsync(own, "Validating", ns, (hook.ClientConfig, """{"timeoutSeconds":7}"""));
        var answer = own.PostAsync($"/api/v1/namespaces/{ns}/configmaps", """{"metadata":{"name":"a"}}""");
        await asked.Task;
        time.Advance(TimeSpan.FromSeconds(6.9));
        Assert.False(answer.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.EndsWith("?timeout=7s\": context deadline exceeded", (await answer).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_changed_configuration_holds_at_once()
    {
        var ns = await server.NamespaceAsync();
        var hook = webhooks.Deny("no");
        await using (await Configured.WebhooksAsync(server, "Validating", ns, (hook.ClientConfig, ""))) (await CreateAsync(ns)).Expect(HttpStatusCode.BadRequest);
        (await CreateAsync(ns)).Expect(HttpStatusCode.Created);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_nothing_is_configured_for_costs_nothing(bool configured)
    {
        var directory = Directory.CreateTempSubdirectory("slipway-admission-");
        using (var store = ObjectStore.Open(directory.FullName))
        {
            var registry = new ResourceRegistry(BuiltInKinds.All());
            var configurations = new AdmissionConfigurations(store, registry);
            if (configured)
            {
                var value = Json.JsonParser.ParseMap("""
                    {"apiVersion":"admissionregistration.k8s.io/v1","kind":"ValidatingWebhookConfiguration","metadata":{"name":"c"},
                     "webhooks":[{"name":"a.example.com","rules":[{"apiGroups":["apps"],"apiVersions":["v1"],"resources":["*"],"operations":["*"]}]}]}
                    """u8);
                await store.WriteAsync(store.Bucket("admissionregistration.k8s.io/validatingwebhookconfigurations"), "/c", null, EncodedObject.From(value), null);
            }

            var type = registry.Current.Find("", "configmaps")!;
            var request = new ApiRequest(new DefaultHttpContext(), new UserInfo("u", []), RequestTarget.Parse("/api/v1/namespaces/n/configmaps")!, type, type.Versions[0], store.Bucket("/configmaps"));
            // The first call fills the cache, the second is the first that compares keys: what a comparer makes of itself is no cost of a request.
            for (var i = 0; i < 2; i++) Assert.Null(configurations.Find(request, Operations.Create));
            Assert.Equal(0, Allocated.By(() => configurations.Find(request, Operations.Create)));
        }

        directory.Delete(recursive: true);
    }

    private Task<Answer> CreateAsync(string ns) => server.PostAsync($"/api/v1/namespaces/{ns}/configmaps", """{"metadata":{"name":"a"}}""");
}
