using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Slipway.Runtimes.Local.Commands;
using Slipway.Testing;
using Slipway.Tests.Running;

namespace Slipway.Tests.Web;

/// <summary>`slipway web` beside `slipway operator` on a cluster's API, as the ServiceAccount that the manifests make.</summary>
[Trait("Speed", "slow")]
public sealed class ClusterPageTests
{
    private const string Deployment = """
        {"apiVersion":"airunway.ai/v1alpha1","kind":"ModelDeployment","metadata":{"name":"of-team","namespace":"team"},
         "spec":{"model":{"id":"Qwen/Qwen3-8B"},"provider":{"name":"vllm"},"resources":{"gpu":{"count":1}}}}
        """;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task People_see_and_do_what_the_clusters_roles_let_them_and_the_page_itself_may_only_look()
    {
        using var folder = new TempDirectory();
        await using var api = SlipwayProcess.Launch(folder["api"], [], ["apiserver", "--data", folder["api"]]);
        await api.WaitForAsync("Ctrl-C stops it", Token);
        await OkAsync("install", "--kubeconfig", api.Kubeconfig, "--web-host", "slipway.example.com");
        Assert.Contains("--web-proxied", await api.KubectlOkAsync("get", "deployment", "slipway-web", "-n", "slipway-system", "-o", "yaml"), StringComparison.Ordinal);
        await using var operating = SlipwayProcess.Launch(folder["operator"], [], ["operator", "--kubeconfig", api.Kubeconfig, "--listen", "http://127.0.0.1:0", "--no-leader-election"]);
        await operating.WaitForAsync("Working: ", Token);

        // Who the page is in the cluster.
        var own = folder["web.kubeconfig"];
        File.Copy(api.Kubeconfig, own);
        var token = (await api.KubectlOkAsync("create", "token", "slipway-web", "-n", "slipway-system")).Trim();
        await api.KubectlOkAsync("--kubeconfig", own, "config", "set-credentials", "web", $"--token={token}");
        await api.KubectlOkAsync("--kubeconfig", own, "config", "set-context", "--current", "--user=web");
        await using var web = SlipwayProcess.Launch(folder["web"], [], ["web", "--kubeconfig", own, "--web-port", "0", "--scratch", folder["scratch"], "--models-url", "https://models.example.com", "-v"]);
        await web.WaitForAsync("The page is at ", Token);
        var page = new Uri(web.Output.Split('\n').First(static l => l.StartsWith("The page is at", StringComparison.Ordinal)).Split(' ')[^1].Trim());

        var (editor, viewer, stranger) = (await PersonAsync(api, "team", "get,list,watch,create,update,patch,delete"), await PersonAsync(api, "viewers", "get,list,watch", at: "team"), await PersonAsync(api, "others", "get,list,watch"));
        using var may = Client(page, editor);
        using var looks = Client(page, viewer);
        using var other = Client(page, stranger);
        using var nobody = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = page };
        Assert.Equal(HttpStatusCode.Redirect, (await nobody.GetAsync("deployments", Token)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await nobody.GetAsync("api/v1/deployments", Token)).StatusCode);

        using (var declared = await may.PostAsync("api/v1/deployments", new StringContent(Deployment, Encoding.UTF8, "application/json"), Token)) Assert.Equal(HttpStatusCode.Accepted, declared.StatusCode);
        await Eventually.TrueAsync(async () => ((await NamesAsync(may)).Contains("of-team") && (await api.KubectlAsync("get", "deployment", "of-team", "-n", "team")).Succeeded, web.Output + operating.Output), TimeSpan.FromSeconds(60));
        Assert.Contains("of-team", await NamesAsync(looks));
        Assert.Empty(await NamesAsync(other));
        Assert.Equal(HttpStatusCode.NotFound, (await other.GetAsync("api/v1/deployments/team/of-team", Token)).StatusCode);
        using (var refused = await looks.PostAsync("api/v1/deployments/team/of-team/scale", new StringContent("""{"replicas":3}""", Encoding.UTF8, "application/json"), Token))
        {
            Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
            Assert.Contains("You may not patch modeldeployments.airunway.ai", await refused.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
        }

        using (var scaled = await may.PostAsync("api/v1/deployments/team/of-team/scale", new StringContent("""{"replicas":3}""", Encoding.UTF8, "application/json"), Token)) Assert.Equal(HttpStatusCode.Accepted, scaled.StatusCode);
        await Eventually.TrueAsync(async () => ((await api.KubectlOkAsync("get", "deployment", "of-team", "-n", "team", "-o", "jsonpath={.spec.replicas}")).Trim() == "3", operating.Output), TimeSpan.FromSeconds(30));
        Assert.Contains("https://models.example.com/v1", await may.GetStringAsync("deployments/team/of-team", Token), StringComparison.Ordinal);

        // What the operator wrote down of costs is read as whoever asks.
        const string Costs = "length,start,seen_seconds,part,name,currency,amount,reason\nday,2026-01-30T00:00:00.0000000+00:00,3600,idle,,USD,1,\nday,2026-01-30T00:00:00.0000000+00:00,3600,namespace,team,USD,12.5,\n";
        await api.KubectlOkAsync("create", "configmap", "slipway-costs", "-n", "slipway-system", $"--from-literal=costs.csv={Costs}");
        Assert.Equal(HttpStatusCode.Forbidden, (await looks.GetAsync("api/v1/costs/history", Token)).StatusCode);
        await api.KubectlOkAsync("create", "clusterrole", "costs", "--verb=list", "--resource=nodes,pods,modeldeployments.airunway.ai");
        await api.KubectlOkAsync("create", "clusterrolebinding", "costs", "--clusterrole=costs", "--serviceaccount=team:person");
        await Eventually.TrueAsync(async () => (await (await may.GetAsync("api/v1/costs/history", Token)).Content.ReadAsStringAsync(Token) is var text && text.Contains("slipway-costs", StringComparison.Ordinal), text), TimeSpan.FromSeconds(60));
        await api.KubectlOkAsync("create", "role", "costs", "-n", "slipway-system", "--verb=get", "--resource=configmaps", "--resource-name=slipway-costs");
        await api.KubectlOkAsync("create", "rolebinding", "costs", "-n", "slipway-system", "--role=costs", "--serviceaccount=team:person");
        Assert.Equal(12.5m, (decimal)JsonNode.Parse(await may.GetStringAsync("api/v1/costs/history", Token))!["total"]!["amount"]!);

        // Its own rights were enough for all that it keeps, and are for looking only.
        Assert.DoesNotContain("forbidden", web.Output, StringComparison.OrdinalIgnoreCase);
        foreach (var (verb, kind) in new[] { ("create", "modeldeployments.airunway.ai"), ("patch", "modeldeployments.airunway.ai"), ("get", "secrets"), ("list", "secrets"), ("delete", "pods"), ("get", "pods/log"), ("impersonate", "users"), ("list", "nodes") })
            Assert.StartsWith("no", (await api.KubectlAsync("--kubeconfig", own, "auth", "can-i", verb, kind, "-A")).Output.Trim(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--web-address 0.0.0.0 --web-host a.example", "Give --web-certificate FILE")]
    [InlineData("--web-address 0.0.0.0 --web-proxied", "Give it with --web-host NAME")]
    [InlineData("--models-url models", "takes an address such as https://models.example.com")]
    public async Task What_is_not_safe_or_makes_no_sense_is_refused(string options, string said)
    {
        using var folder = new TempDirectory();
        await using var api = SlipwayProcess.Launch(folder["api"], [], ["apiserver", "--data", folder["api"]]);
        await api.WaitForAsync("Ctrl-C stops it", Token);
        var result = await Command.RunAsync(SlipwayProcess.Program, ["web", "--kubeconfig", api.Kubeconfig, .. options.Split(' ')], cancellationToken: Token);
        Assert.False(result.Succeeded);
        Assert.Contains(said, result.Errors, StringComparison.Ordinal);
    }

    private static HttpClient Client(Uri page, string token) => new(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = page, DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", token) } };

    private static async Task<IReadOnlyList<string>> NamesAsync(HttpClient client) =>
        [.. JsonNode.Parse(await client.GetStringAsync("api/v1/deployments", Token))!["deployments"]!.AsArray().Select(static d => (string)d!["name"]!)];

    private static async Task<string> PersonAsync(SlipwayProcess api, string space, string verbs, string? at = null)
    {
        await api.KubectlOkAsync("create", "namespace", space);
        await api.KubectlOkAsync("create", "serviceaccount", "person", "-n", space);
        await api.KubectlOkAsync("create", "role", $"models-of-{space}", "-n", at ?? space, $"--verb={verbs}", "--resource=modeldeployments.airunway.ai");
        await api.KubectlOkAsync("create", "rolebinding", $"models-of-{space}", "-n", at ?? space, $"--role=models-of-{space}", $"--serviceaccount={space}:person");
        return (await api.KubectlOkAsync("create", "token", "person", "-n", space)).Trim();
    }

    private static async Task OkAsync(params string[] arguments)
    {
        var result = await Command.RunAsync(SlipwayProcess.Program, arguments, cancellationToken: Token);
        Assert.True(result.Succeeded, result.Errors);
    }
}
