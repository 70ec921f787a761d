using System.Collections.Immutable;
using System.Text.Json;
using Slipway.Capacity.Quotas;

namespace Slipway.Capacity.Tests.Quotas;

/// <summary>ResourceQuotas, as Kubernetes counts them.</summary>
public sealed class QuotaTests
{
    private const string Devices = "gpu.nvidia.com.deviceclass.resource.k8s.io/devices";
    private const string Claim = """{"devices":{"requests":[{"name":"a","exactly":{"deviceClassName":"gpu.nvidia.com","allocationMode":"ExactCount","count":2}}]}}""";
    private const string Claiming = """{"containers":[{"name":"c"}],"resourceClaims":[{"name":"a","resourceClaimTemplateName":"t"}]}""";

    [Fact]
    public void A_claim_counts_its_devices_and_the_sentence_says_what_is_left()
    {
        var finding = Assert.Single(Find(Quota($$"""{"{{Devices}}":"8"}""", $$"""{"{{Devices}}":"6"}"""), Ask(Claiming, 2, Claim)));
        Assert.False(finding.Fits);
        Assert.Equal("quota team-a: 6 of 8 devices of gpu.nvidia.com used, this asks for 4", finding.Say());
        Assert.True(Assert.Single(Find(Quota($$"""{"{{Devices}}":"8"}""", $$"""{"{{Devices}}":"4"}"""), Ask(Claiming, 2, Claim))).Fits);
    }

    // Kubernetes 1.36: the devices of a class, the resource by its name and the one that it stands for.
    [Theory]
    [InlineData(Devices, true, 2)]
    [InlineData("requests.deviceclass.resource.kubernetes.io/gpu.nvidia.com", true, 2)]
    [InlineData("requests.nvidia.com/gpu", true, 2)]
    [InlineData("requests.nvidia.com/gpu", false, 0)]
    [InlineData("count/resourceclaims.resource.k8s.io", false, 1)]
    [InlineData("pods", false, 1)]
    [InlineData("count/pods", false, 1)]
    public void A_claim_counts_under_all_names_that_its_class_has(string key, bool mapped, int asks)
    {
        var ask = Ask(Claiming, 1, Claim);
        if (mapped) ask = ask with { Resources = ask.Resources.Add("gpu.nvidia.com", "nvidia.com/gpu") };
        Assert.Equal(asks, ask.Amount(Quota($$"""{"{{key}}":"8"}"""), key));
    }

    [Fact]
    public void Of_alternatives_the_most_of_each_class_counts_and_of_all_devices_32()
    {
        const string Alternatives = """
            {"devices":{"requests":[
              {"name":"a","firstAvailable":[{"name":"x","deviceClassName":"gpu.nvidia.com","count":2},{"name":"y","deviceClassName":"gpu.nvidia.com","count":4},{"name":"z","deviceClassName":"mig.nvidia.com"}]},
              {"name":"b","exactly":{"deviceClassName":"mig.nvidia.com","allocationMode":"All"}}]}}
            """;
        var ask = Ask(Claiming, 1, Alternatives);
        Assert.Equal(4, ask.Amount(Quota("{}"), Devices));
        Assert.Equal(33, ask.Amount(Quota("{}"), "mig.nvidia.com.deviceclass.resource.k8s.io/devices"));
    }

    [Fact]
    public void Extended_resources_processors_and_memory_count_as_requests_and_limits()
    {
        const string Pod = """{"containers":[{"name":"c","resources":{"limits":{"nvidia.com/gpu":"4","memory":"64Gi"},"requests":{"cpu":"1500m","memory":"64Gi"}}}]}""";
        var ask = Ask(Pod, 2);
        var quota = Quota("""{"requests.nvidia.com/gpu":"8","memory":"100Gi","requests.cpu":"4","limits.memory":"1Ti","limits.cpu":"9"}""", """{"requests.nvidia.com/gpu":"2","memory":"0","requests.cpu":"0","limits.memory":"0"}""");
        var found = QuotaFinding.Of([quota], ask);
        Assert.Equal(
            ["quota team-a: 0 of 100Gi requests.memory used, this asks for 128Gi", "quota team-a: 2 of 8 requests.nvidia.com/gpu used, this asks for 8"],
            found.Where(f => f.Fits is false).Select(f => f.Say()).Order(StringComparer.Ordinal));
        Assert.Equal(3, ask.Amount(quota, "requests.cpu"));
        Assert.Contains(found, f => f is { Unsaid: true, Line.Resource: "limits.cpu" } && f.Say().Contains("LimitRange", StringComparison.Ordinal));
        Assert.DoesNotContain(found, f => f is { Unsaid: true, Line.Resource: not "limits.cpu" });
    }

    [Theory]
    [InlineData("""{"scopes":["NotTerminating"]}""", true)]
    [InlineData("""{"scopes":["Terminating"]}""", false)]
    [InlineData("""{"scopes":["BestEffort"]}""", true)]
    [InlineData("""{"scopes":["NotTerminating","NotBestEffort"]}""", false)]
    [InlineData("""{"scopes":["CrossNamespacePodAffinity"]}""", false)]
    [InlineData("""{"scopeSelector":{"matchExpressions":[{"scopeName":"PriorityClass","operator":"In","values":["high","low"]}]}}""", true)]
    [InlineData("""{"scopeSelector":{"matchExpressions":[{"scopeName":"PriorityClass","operator":"In","values":["low"]}]}}""", false)]
    [InlineData("""{"scopeSelector":{"matchExpressions":[{"scopeName":"PriorityClass","operator":"NotIn","values":["high"]}]}}""", false)]
    [InlineData("""{"scopeSelector":{"matchExpressions":[{"scopeName":"PriorityClass","operator":"Exists"}]}}""", true)]
    [InlineData("""{"scopeSelector":{"matchExpressions":[{"scopeName":"PriorityClass","operator":"DoesNotExist"}]}}""", false)]
    public void A_scope_says_which_pods_count(string scopes, bool counts)
    {
        var quota = NamespaceQuota.Read(Json($$"""{"metadata":{"namespace":"n","name":"q"},"spec":{{scopes[..^1]}},"hard":{"pods":"1","{{Devices}}":"1"} } }"""))!;
        var ask = Ask("""{"priorityClassName":"high","containers":[{"name":"c","resources":{"limits":{"nvidia.com/gpu":"1"}}}],"resourceClaims":[{"name":"a","resourceClaimTemplateName":"t"}]}""", 1, Claim);
        Assert.Equal(counts ? 1 : 0, ask.Amount(quota, "pods"));
        Assert.Equal(0, ask.Amount(quota, Devices));
    }

    [Fact]
    public void Volumes_count_by_number_size_and_class()
    {
        var ask = new QuotaAsk([], ImmutableDictionary<string, string>.Empty) { Volumes = [("fast", 10L << 30), (null, 1L << 30)] };
        Assert.Equal(2, ask.Amount(Quota("{}"), "persistentvolumeclaims"));
        Assert.Equal(11L << 30, ask.Amount(Quota("{}"), "requests.storage"));
        Assert.Equal(10L << 30, ask.Amount(Quota("{}"), "fast.storageclass.storage.k8s.io/requests.storage"));
    }

    [Fact]
    public void What_was_not_counted_yet_is_unknown_and_not_0()
    {
        var finding = Assert.Single(Find(Quota("""{"pods":"4"}"""), Ask("""{"containers":[]}""", 1)));
        Assert.Null(finding.Fits);
        Assert.Contains("an unknown part of 4 pods", finding.Say(), StringComparison.Ordinal);
        Assert.False(Assert.Single(Find(Quota("""{"pods":"4"}"""), Ask("""{"containers":[]}""", 5))).Fits);
    }

    private static ImmutableArray<QuotaFinding> Find(NamespaceQuota quota, QuotaAsk ask) => QuotaFinding.Of([quota], ask);

    private static QuotaAsk Ask(string pod, int count, string? claim = null) =>
        new([PodAsk.Of(Json(pod), count, name => name == "t" && claim is not null ? Json(claim) : default)], ImmutableDictionary<string, string>.Empty);

    private static NamespaceQuota Quota(string hard, string? used = null) =>
        NamespaceQuota.Read(Json($$"""{"metadata":{"namespace":"n","name":"team-a"},"spec":{"hard":{{hard}}},"status":{{{(used is null ? "" : $"\"used\":{used}")}} } }"""))!;

    private static JsonElement Json(string json) => JsonDocument.Parse(json).RootElement;
}
