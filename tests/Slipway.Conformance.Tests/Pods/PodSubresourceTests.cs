using System.Net;
using Slipway.Conformance.Tests.Harness;

namespace Slipway.Conformance.Tests.Pods;

public sealed class PodSubresourceTests(TestServer server)
{
    [Fact]
    public async Task A_binding_puts_a_pod_on_a_node_once()
    {
        var ns = await server.NamespaceAsync();
        await PodAsync(ns, "p");
        var bound = (await server.PostAsync(Path(ns, "p") + "/binding", Binding("p", "n1"))).Expect(HttpStatusCode.Created);
        Assert.Equal("Success", bound.Text("status"));
        var pod = await server.GetAsync(Path(ns, "p"));
        Assert.Equal("n1", pod.Text("spec.nodeName"));
        Assert.Contains("\"PodScheduled\"", pod.At("status.conditions")!.ToJsonString(), StringComparison.Ordinal);
        var again = await server.PostAsync(Path(ns, "p") + "/binding", Binding("p", "n2"));
        again.ExpectStatus(409, "Conflict");
        Assert.Equal("Operation cannot be fulfilled on pods/binding \"p\": pod p is already assigned to node \"n1\"", again.Message);
        Assert.Equal("name in URL does not match name in Binding object", (await server.PostAsync(Path(ns, "p") + "/binding", Binding("q", "n1"))).Message);
        (await server.PostAsync(Path(ns, "none") + "/binding", Binding("none", "n1"))).ExpectStatus(404, "NotFound");
    }

    [Fact]
    public async Task An_eviction_deletes_what_no_budget_holds()
    {
        var ns = await server.NamespaceAsync();
        await PodAsync(ns, "p");
        (await server.PostAsync(Path(ns, "p") + "/eviction", Eviction("p"))).Expect(HttpStatusCode.Created);
        (await server.DeleteAsync(Path(ns, "p") + "?gracePeriodSeconds=0")).ExpectStatus(404, "NotFound");
        (await server.PostAsync(Path(ns, "p") + "/eviction", Eviction("p"))).ExpectStatus(404, "NotFound");
    }

    [Fact]
    public async Task A_budget_lets_go_only_as_many_as_it_allows()
    {
        var ns = await server.NamespaceAsync();
        foreach (var name in (string[])["p", "q"])
        {
            await PodAsync(ns, name);
            (await server.MergeAsync(Path(ns, name) + "/status", """{"status":{"phase":"Running","conditions":[{"type":"Ready","status":"True"}]}}""")).Expect(HttpStatusCode.OK);
        }

        var budgets = $"/apis/policy/v1/namespaces/{ns}/poddisruptionbudgets";
        (await server.PostAsync(budgets, """{"apiVersion":"policy/v1","kind":"PodDisruptionBudget","metadata":{"name":"b"},"spec":{"minAvailable":1,"selector":{"matchLabels":{"app":"a"}}}}""")).Expect(HttpStatusCode.Created);
        var early = await server.PostAsync(Path(ns, "p") + "/eviction", Eviction("p"));
        early.ExpectStatus(429, "TooManyRequests");
        Assert.Equal("The disruption budget b is still being processed by the server.", early.Text("details.causes.0.message"));
        Assert.Equal("10", early.Text("details.retryAfterSeconds"));
        (await server.MergeAsync(budgets + "/b/status",
            """{"status":{"observedGeneration":1,"disruptionsAllowed":1,"currentHealthy":2,"desiredHealthy":2,"expectedPods":2}}""")).Expect(HttpStatusCode.OK);
        (await server.PostAsync(Path(ns, "p") + "/eviction", Eviction("p"))).Expect(HttpStatusCode.Created);
        var held = await server.PostAsync(Path(ns, "q") + "/eviction", Eviction("q"));
        held.ExpectStatus(429, "TooManyRequests");
        Assert.Equal("Cannot evict pod as it would violate the pod's disruption budget.", held.Message);
        Assert.Equal("The disruption budget b needs 2 healthy pods and has 2 currently", held.Text("details.causes.0.message"));
        Assert.Equal("DisruptionBudget", held.Text("details.causes.0.reason"));
        var budget = await server.GetAsync(budgets + "/b");
        Assert.Equal("0", budget.Text("status.disruptionsAllowed"));
        Assert.NotNull(budget.At("status.disruptedPods.p"));
    }

    [Fact]
    public async Task A_log_needs_a_container_that_the_pod_has()
    {
        var ns = await server.NamespaceAsync();
        await PodAsync(ns, "p");
        (await server.GetAsync(Path(ns, "none") + "/log")).ExpectStatus(404, "NotFound");
        var wrong = await server.GetAsync(Path(ns, "p") + "/log?container=other");
        wrong.ExpectStatus(400, "BadRequest");
        Assert.Equal("container other is not valid for pod p", wrong.Message);
        (await server.PostAsync($"/api/v1/namespaces/{ns}/pods", Pod("two", """{"name":"a","image":"i"},{"name":"b","image":"i"}"""))).Expect(HttpStatusCode.Created);
        Assert.Equal("a container name must be specified for pod two, choose one of: [a b]", (await server.GetAsync(Path(ns, "two") + "/log")).Message);
    }

    [Fact]
    public async Task Ephemeral_containers_are_added_and_nothing_else()
    {
        var ns = await server.NamespaceAsync();
        await PodAsync(ns, "p");
        (await server.StrategicAsync(Path(ns, "p") + "/ephemeralcontainers",
            """{"metadata":{"labels":{"other":"1"}},"spec":{"ephemeralContainers":[{"name":"debug","image":"busybox"}]}}""")).Expect(HttpStatusCode.OK);
        var pod = await server.GetAsync(Path(ns, "p"));
        Assert.Equal("debug", pod.Text("spec.ephemeralContainers.0.name"));
        Assert.Equal("c", pod.Text("spec.containers.0.name"));
    }

    [Fact]
    public async Task The_subresources_are_found_by_clients()
    {
        var resources = (await server.GetAsync("/api/v1")).At("resources")!.AsArray();
        var eviction = resources.Single(r => (string?)r!["name"] == "pods/eviction")!;
        Assert.Equal("Eviction", (string?)eviction["kind"]);
        Assert.Equal("policy", (string?)eviction["group"]);
        Assert.Equal("""["create"]""", eviction["verbs"]!.ToJsonString());
        Assert.Contains(resources, r => (string?)r!["name"] == "pods/binding");
        Assert.Contains(resources, r => (string?)r!["name"] == "pods/log");
    }

    [Fact]
    public async Task A_pod_has_the_priority_of_its_class()
    {
        var ns = await server.NamespaceAsync();
        var name = "c-" + Guid.NewGuid().ToString("N")[..8];
        const string Classes = "/apis/scheduling.k8s.io/v1/priorityclasses";
        (await server.PostAsync(Classes, $$"""{"apiVersion":"scheduling.k8s.io/v1","kind":"PriorityClass","metadata":{"name":"{{name}}"},"value":1000,"preemptionPolicy":"Never"}""")).Expect(HttpStatusCode.Created);
        await AccountAsync(ns);
        var path = $"/api/v1/namespaces/{ns}/pods";
        const string Containers = """{"name":"c","image":"i"}""";
        var pod = (await server.PostAsync(path, Pod("a", Containers, $",\"priorityClassName\":\"{name}\""))).Expect(HttpStatusCode.Created);
        Assert.Equal("1000", pod.Text("spec.priority"));
        Assert.Equal("Never", pod.Text("spec.preemptionPolicy"));
        var plain = (await server.PostAsync(path, Pod("b", Containers))).Expect(HttpStatusCode.Created);
        Assert.Equal("0", plain.Text("spec.priority"));
        Assert.Equal("default", plain.Text("spec.serviceAccountName"));
        var unknown = await server.PostAsync(path, Pod("c", Containers, ",\"priorityClassName\":\"nobody\""));
        unknown.ExpectStatus(403, "Forbidden");
        Assert.Equal("pods \"c\" is forbidden: no PriorityClass with name nobody was found", unknown.Message);
        var own = await server.PostAsync(path, Pod("d", Containers, ",\"priority\":7"));
        Assert.Equal("pods \"d\" is forbidden: the integer value of priority (7) must not be provided in pod spec; priority admission controller computed 0 from the given PriorityClass name", own.Message);
        Assert.Equal("2000000000", (await server.PostAsync(path, Pod("e", Containers, ",\"priorityClassName\":\"system-cluster-critical\""))).Text("spec.priority"));
        await server.DeleteAsync($"{Classes}/{name}");
    }

    [Theory]
    [InlineData("default")]
    [InlineData("kube-system")]
    [InlineData("kube-public")]
    public async Task Namespaces_that_a_cluster_needs_stay(string name)
    {
        var answer = await server.DeleteAsync("/api/v1/namespaces/" + name);
        answer.ExpectStatus(403, "Forbidden");
        Assert.Equal($"namespaces \"{name}\" is forbidden: this namespace may not be deleted", answer.Message);
    }

    private async Task PodAsync(string ns, string name)
    {
        await AccountAsync(ns);
        (await server.PostAsync($"/api/v1/namespaces/{ns}/pods", Pod(name, """{"name":"c","image":"i"}"""))).Expect(HttpStatusCode.Created);
    }

    // Where no controller makes it, a cluster's admission would refuse every pod.
    private Task AccountAsync(string ns) => server.PostAsync($"/api/v1/namespaces/{ns}/serviceaccounts", """{"metadata":{"name":"default"}}""");

    private static string Path(string ns, string name) => $"/api/v1/namespaces/{ns}/pods/{name}";

    private static string Pod(string name, string containers, string rest = "") =>
        $$"""{"apiVersion":"v1","kind":"Pod","metadata":{"name":"{{name}}","labels":{"app":"a"} },"spec":{"containers":[{{containers}}]{{rest}} } }""";

    private static string Binding(string name, string node) =>
        $$"""{"apiVersion":"v1","kind":"Binding","metadata":{"name":"{{name}}"},"target":{"kind":"Node","name":"{{node}}"} }""";

    private static string Eviction(string name) => $$"""{"apiVersion":"policy/v1","kind":"Eviction","metadata":{"name":"{{name}}"} }""";
}
