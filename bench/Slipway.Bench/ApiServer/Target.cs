using System.Text;
using System.Text.Json.Nodes;
using Slipway.Kubernetes.Connection;

namespace Slipway.Bench.ApiServer;

/// <summary>A Kubernetes API to measure: its name in the report, its address with a token for the load, and its processes for memory.</summary>
internal sealed class Target(string name, string kubeconfig, IReadOnlyList<int> processes) : IDisposable
{
    public string Name { get; } = name;

    public KubeConnection Admin { get; } = KubeConnection.FromKubeconfig(kubeconfig);

    public Uri Address => Admin.Http.BaseAddress!;

    public string Namespace { get; } = $"bench-{Guid.NewGuid():N}"[..14];

    public string Token { get; private set; } = "";

    /// <summary>Resident memory of all its processes.</summary>
    public double Megabytes => processes.Sum(ResidentMegabytes);

    public KubeConnection Connect() => KubeConnection.FromKubeconfig(kubeconfig);

    /// <summary>Makes the namespace of the bench and an administrator's token: wrk shows no client certificates.</summary>
    public async Task PrepareAsync()
    {
        await PostAsync("api/v1/namespaces", $$"""{"metadata":{"name":"{{Namespace}}"} }""");
        await PostAsync($"api/v1/namespaces/{Namespace}/serviceaccounts", """{"metadata":{"name":"bench"}}""");
        await PostAsync("apis/rbac.authorization.k8s.io/v1/clusterrolebindings", $$"""
            {"metadata":{"name":"{{Namespace}}"},"roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"ClusterRole","name":"cluster-admin"},
             "subjects":[{"kind":"ServiceAccount","name":"bench","namespace":"{{Namespace}}"}]}
            """);
        var answer = await PostAsync($"api/v1/namespaces/{Namespace}/serviceaccounts/bench/token", """{"apiVersion":"authentication.k8s.io/v1","kind":"TokenRequest","spec":{"expirationSeconds":7200}}""");
        Token = (string)JsonNode.Parse(answer)!["status"]!["token"]!;
    }

    public async Task CleanAsync()
    {
        await Admin.Http.DeleteAsync($"apis/rbac.authorization.k8s.io/v1/clusterrolebindings/{Namespace}");
        await Admin.Http.DeleteAsync($"api/v1/namespaces/{Namespace}");
    }

    /// <summary>Fills a namespace with ConfigMaps of a kilobyte, named o0, o1, ...</summary>
    public async Task FillAsync(string ns, int from, int to)
    {
        var pad = new string('x', 800);
        await Parallel.ForAsync(from, to, new ParallelOptions { MaxDegreeOfParallelism = 32 }, async (i, _) =>
            await PostAsync($"api/v1/namespaces/{ns}/configmaps", $$"""{"metadata":{"name":"o{{i}}"},"data":{"pad":"{{pad}}"} }"""));
    }

    public async Task<string> PostAsync(string path, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await Admin.Http.PostAsync(path, content);
        var text = await response.Content.ReadAsStringAsync();
        return response.IsSuccessStatusCode ? text : throw new InvalidOperationException($"POST {path}: {text}");
    }

    public void Dispose() => Admin.Dispose();

    public static double ResidentMegabytes(int pid)
    {
        var line = File.ReadLines($"/proc/{pid}/status").First(l => l.StartsWith("VmRSS:", StringComparison.Ordinal));
        return int.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]) / 1000.0;
    }
}
