using Slipway.Conformance.Tests.Harness;

namespace Slipway.Conformance.Tests.Kubectl;

/// <summary>What users type. Each test is one sitting with the real kubectl.</summary>
public sealed class KubectlTests(TestServer server)
{
    private const string Map = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\ndata:\n  x: \"1\"\n";

    [Fact]
    public async Task Objects_are_applied_read_changed_and_deleted()
    {
        var kubectl = await InNamespaceAsync();
        Assert.Equal("configmap/a created\n", await kubectl.RunAsync("apply -f -", Map));
        Assert.Equal("configmap/a unchanged\n", await kubectl.RunAsync("apply -f -", Map));
        Assert.Equal("configmap/a configured\n", await kubectl.RunAsync("apply -f -", Map.Replace("\"1\"", "\"2\"", StringComparison.Ordinal)));
        Assert.Matches(@"NAME +DATA +AGE\na +1 +\d+s", await kubectl.RunAsync("get configmaps a"));
        Assert.Contains("x: \"2\"", await kubectl.RunAsync("get cm a -o yaml"), StringComparison.Ordinal);
        Assert.Equal("2", await kubectl.RunAsync("get cm a -o jsonpath={.data.x}"));
        Assert.Equal("configmap/a\n", await kubectl.RunAsync("get cm a -o name"));
        Assert.Equal("configmap/a labeled\n", await kubectl.RunAsync("label cm a tier=front"));
        Assert.Equal("configmap/a annotated\n", await kubectl.RunAsync("annotate cm a note=hello"));
        Assert.Contains("a", await kubectl.RunAsync("get cm -l tier=front"), StringComparison.Ordinal);
        Assert.Equal("configmap/a patched\n", await kubectl.RunAsync("""patch cm a -p '{"data":{"y":"3"}}'"""));
        Assert.Equal("configmap/a patched\n", await kubectl.RunAsync("""patch cm a --type=merge -p '{"data":{"y":"4"}}'"""));
        Assert.Equal("configmap/a patched\n", await kubectl.RunAsync("""patch cm a --type=json -p '[{"op":"remove","path":"/data/y"}]'"""));
        Assert.Equal("configmap/a edited\n", await kubectl.RunAsync("edit cm a", editor: "sed -i s/hello/changed/"));
        Assert.Contains("changed", await kubectl.RunAsync("describe cm a"), StringComparison.Ordinal);
        Assert.Equal("configmap/a replaced\n", await kubectl.RunAsync("replace -f -", Map));
        Assert.Equal("configmap \"a\" deleted\n", await kubectl.RunAsync("delete cm a"));
        Assert.Contains("NotFound", await kubectl.RunAsync("get cm a", exit: 1), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Builtin_kinds_are_created_by_the_generators()
    {
        var kubectl = await InNamespaceAsync();
        Assert.Equal("configmap/m created\n", await kubectl.RunAsync("create configmap m --from-literal=a=b"));
        Assert.Equal("secret/s created\n", await kubectl.RunAsync("create secret generic s --from-literal=p=q"));
        Assert.Equal("deployment.apps/d created\n", await kubectl.RunAsync("create deployment d --image=nginx:1 --replicas=2"));
        Assert.Equal("service/v created\n", await kubectl.RunAsync("create service clusterip v --tcp=80:8080"));
        Assert.Equal("role.rbac.authorization.k8s.io/r created\n", await kubectl.RunAsync("create role r --verb=get --resource=pods"));
        Assert.Equal("rolebinding.rbac.authorization.k8s.io/rb created\n", await kubectl.RunAsync("create rolebinding rb --role=r --user=u"));
        Assert.Equal("serviceaccount/sa created\n", await kubectl.RunAsync("create serviceaccount sa"));
        await TestServer.EventuallyAsync(async () => (await kubectl.TryAsync("get serviceaccount default")).Code == 0, "the namespace has its service account");
        Assert.Equal("job.batch/j created\n", await kubectl.RunAsync("create job j --image=busybox -- true"));
        Assert.Equal("pod/p created\n", await kubectl.RunAsync("run p --image=busybox"));
        Assert.Matches(@"d +0/2 +0 +0 +\d+s +nginx +nginx:1 +app=d", await kubectl.RunAsync("get deploy -o wide"));
        Assert.Equal("deployment.apps/d scaled\n", await kubectl.RunAsync("scale deploy/d --replicas=4"));
        Assert.Contains("4 desired", await kubectl.RunAsync("describe deploy d"), StringComparison.Ordinal);
        Assert.Equal("deployment.apps/d image updated\n", await kubectl.RunAsync("set image deploy/d nginx=nginx:2"));
        Assert.Matches(@"v +ClusterIP +10\.\d+\.\d+\.\d+ +<none> +80/TCP", await kubectl.RunAsync("get svc"));
        Assert.Matches(@"p +0/1 +Pending +0", await kubectl.RunAsync("get pods"));
        Assert.Contains("deployment.apps/d", await kubectl.RunAsync("get all"), StringComparison.Ordinal);
        Assert.Equal("yes\n", await kubectl.RunAsync("auth can-i create pods"));
        Assert.Equal("configmap/dry created (server dry run)\n", await kubectl.RunAsync("create configmap dry --dry-run=server"));
        Assert.Contains("NotFound", await kubectl.RunAsync("get cm dry", exit: 1), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Server_side_apply_shows_conflicts_and_diffs()
    {
        var kubectl = await InNamespaceAsync();
        Assert.Equal("configmap/a serverside-applied\n", await kubectl.RunAsync("apply --server-side --field-manager=one -f -", Map));
        var other = Map.Replace("\"1\"", "\"2\"", StringComparison.Ordinal);
        Assert.Contains("conflict with \"one\": .data.x", await kubectl.RunAsync("apply --server-side --field-manager=two -f -", other, exit: 1), StringComparison.Ordinal);
        var (code, difference, _) = await kubectl.TryAsync("diff -f -", other);
        Assert.Equal(1, code);
        Assert.Contains("+  x: \"2\"", difference, StringComparison.Ordinal);
        Assert.Equal("configmap/a serverside-applied\n", await kubectl.RunAsync("apply --server-side --force-conflicts --field-manager=two -f -", other));
        Assert.Contains("unknown field", await kubectl.RunAsync("apply -f -", Map + "dta: {}\n", exit: 1), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Custom_resources_are_explained_waited_for_and_listed()
    {
        var kubectl = await InNamespaceAsync();
        foreach (var file in Directory.GetFiles(Shared.Path("crds", "airunway"))) await kubectl.RunAsync($"apply -f {file}");
        Assert.Contains("condition met", await kubectl.RunAsync("wait --for=condition=Established crd/modeldeployments.airunway.ai --timeout=10s"), StringComparison.Ordinal);
        Assert.Matches("modeldeployments +airunway.ai/v1alpha1 +true +ModelDeployment", await kubectl.RunAsync("api-resources --api-group=airunway.ai"));
        await TestServer.EventuallyAsync(async () => (await server.GetAsync("/openapi/v3")).Body.Contains("apis/airunway.ai/v1alpha1", StringComparison.Ordinal), "the schema of the definition is published");
        Assert.Contains("FIELD: model <Object>", await kubectl.RunAsync("explain modeldeployment.spec.model"), StringComparison.Ordinal);
        Assert.Contains("FIELD: containers <[]Container>", await kubectl.RunAsync("explain pod.spec.containers"), StringComparison.Ordinal);
        foreach (var file in Directory.GetFiles(Shared.Path("examples", "airunway"))) await kubectl.RunAsync($"apply -f {file} --namespace default");
        var list = await kubectl.RunAsync("get modeldeployments --namespace default");
        Assert.StartsWith("NAME", list, StringComparison.Ordinal);
        await kubectl.RunAsync("""patch modeldeployment model-a --namespace default --subresource=status --type=merge -p '{"status":{"phase":"Running","conditions":[{"type":"Ready","status":"True","reason":"R","message":"m","lastTransitionTime":"2026-01-01T00:00:00Z"}]}}'""");
        Assert.Contains("condition met", await kubectl.RunAsync("wait --for=condition=Ready modeldeployment/model-a --namespace default --timeout=10s"), StringComparison.Ordinal);
        Assert.Matches("model-a +Running", await kubectl.RunAsync("get modeldeployment model-a --namespace default"));
    }

    [Fact]
    public async Task A_deletion_can_be_waited_for_and_a_namespace_ends()
    {
        var kubectl = await InNamespaceAsync();
        await kubectl.RunAsync("create namespace ends");
        await kubectl.RunAsync("create configmap x --namespace ends");
        Assert.Equal("namespace \"ends\" deleted\n", await kubectl.RunAsync("delete namespace ends"));
        Assert.Contains("NotFound", await kubectl.RunAsync("get namespace ends", exit: 1), StringComparison.Ordinal);
        Assert.Contains("v1.36", await kubectl.RunAsync("version"), StringComparison.Ordinal);
        Assert.Contains("apps/v1", await kubectl.RunAsync("api-versions"), StringComparison.Ordinal);
        Assert.Contains("No events found", (await kubectl.TryAsync("events")).Error, StringComparison.Ordinal);
    }

    private async Task<Harness.Kubectl> InNamespaceAsync() => server.Kubectl(await server.NamespaceAsync());
}
