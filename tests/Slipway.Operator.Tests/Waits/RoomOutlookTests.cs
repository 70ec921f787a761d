using System.Collections.Immutable;
using System.Text.Json;
using Slipway.Api;
using Slipway.Api.ModelDeployments;
using Slipway.Capacity.Answers;
using Slipway.Capacity.Queues;
using Slipway.Capacity.Quotas;
using Slipway.Operator.Waits;
using Slipway.Runtimes;

namespace Slipway.Operator.Tests.Waits;

/// <summary>Whether a namespace has room for what is about to be declared, runtime by runtime.</summary>
public sealed class RoomOutlookTests
{
    private const string Devices = "gpu.nvidia.com.deviceclass.resource.k8s.io/devices";

    [Theory]
    [InlineData("vllm", """ "resources":{"gpu":{"count":4}} """, "requests.nvidia.com/gpu", 4)]
    [InlineData("vllm", """ "resources":{"gpu":{"count":8},"nodes":2},"scaling":{"replicas":3} """, "requests.nvidia.com/gpu", 48)]
    [InlineData("vllm", """ "resources":{"gpu":{"count":8},"nodes":2},"scaling":{"replicas":3} """, "pods", 6)]
    [InlineData("vllm", """ "resources":{"accelerators":{"count":2,"minMemory":"80G"}},"scaling":{"replicas":2} """, Devices, 4)]
    [InlineData("vllm", """ "resources":{"accelerators":{"count":2,"firstAvailable":[{"name":"a"},{"name":"b"}]}} """, Devices, 2)]
    [InlineData("llmd", """ "serving":{"mode":"disaggregated"},"scaling":{"prefill":{"replicas":2,"gpu":{"count":1}},"decode":{"gpu":{"count":4}}} """, "requests.nvidia.com/gpu", 6)]
    [InlineData("kuberay", """ "resources":{"gpu":{"count":4},"nodes":2} """, "requests.nvidia.com/gpu", 8)]
    [InlineData("kuberay", """ "resources":{"gpu":{"count":4},"nodes":2} """, "pods", 3)]
    [InlineData("dynamo", """ "resources":{"gpu":{"count":2},"nodes":2},"scaling":{"replicas":2} """, "requests.nvidia.com/gpu", 8)]
    [InlineData("dynamo", """ "resources":{"accelerators":{"count":2,"minMemory":"80G"}} """, Devices, 2)]
    [InlineData("kaito", """ "resources":{"gpu":{"count":2}},"scaling":{"replicas":2} """, "requests.nvidia.com/gpu", 4)]
    public void What_a_deployment_asks_for_is_counted_from_what_its_runtime_makes(string runtime, string spec, string resource, int asks)
    {
        var left = Of(runtime, spec, Limits(resource, asks, 0));
        Assert.Empty(left.Against);
        Assert.Contains($"this asks for {asks}", Assert.Single(left.Facts).Text, StringComparison.Ordinal);
        Assert.Single(Of(runtime, spec, Limits(resource, asks, 1)).Against);
    }

    [Fact]
    public void A_number_that_is_yet_to_be_counted_is_said_to_be_reckoned_with_1()
    {
        var room = Of("vllm", """ "serving":{"mode":"aggregated"} """, Limits("requests.nvidia.com/gpu", 8, 0));
        Assert.Contains(room.For, t => t.Contains("this asks for 1", StringComparison.Ordinal));
        Assert.Contains(room.For, t => t.Contains("counted from the model", StringComparison.Ordinal));
        Assert.Empty(Of("vllm", """ "serving":{"mode":"aggregated"} """, NamespaceLimits.None).Facts);
    }

    [Theory]
    [InlineData("", "there is no LocalQueue gpus in the namespace")]
    [InlineData("other", "there is no LocalQueue gpus in the namespace; there is other")]
    public void A_queue_that_is_not_there_stands_in_the_way(string there, string says) => Assert.Equal(says, Assert.Single(Queued(Queue(there)).Against));

    [Fact]
    public void A_queue_says_what_it_has_and_what_it_lacks()
    {
        var full = new NamespaceQueue("default", "gpus", "team", 0, null, false, [new QueueFlavor("h100", "nvidia.com/gpu", 8, 6)]);
        Assert.Equal("queue gpus: 2 of 8 nvidia.com/gpu left, this asks for 4: it waits until others are done", Assert.Single(Queued([full]).Against));
        Assert.Equal("queue gpus (ClusterQueue team): 2 of 8 nvidia.com/gpu reserved in flavor h100", Assert.Single(Queued([full with { Flavors = [new QueueFlavor("h100", "nvidia.com/gpu", 8, 2)] }]).For));
        Assert.Single(Queued([full with { Closed = "it is stopped" }]).Against);
    }

    [Fact]
    public void What_may_not_be_read_is_not_said_to_be_missing()
    {
        var room = Of("vllm", """ "resources":{"gpu":{"count":4}},"scheduling":{"queueName":"gpus"} """, NamespaceLimits.None with { Unread = ["the queues of namespace default may not be read"] });
        Assert.Empty(room.Facts);
        Assert.Single(room.Unread);
    }

    private static RoomAnswer Queued(ImmutableArray<NamespaceQueue> queues) =>
        Of("vllm", """ "resources":{"gpu":{"count":4}},"scheduling":{"queueName":"gpus"} """, NamespaceLimits.None with { Queues = queues });

    private static ImmutableArray<NamespaceQueue> Queue(string name) => name.Length == 0 ? [] : [new NamespaceQueue("default", name, "team", 0, null, false, [])];

    private static NamespaceLimits Limits(string resource, int hard, int used) => NamespaceLimits.None with { Quotas = [new NamespaceQuota("default", "q", [], [new QuotaLine(resource, hard, used)])] };

    private static RoomAnswer Of(string runtime, string spec, NamespaceLimits limits)
    {
        var draft = new ModelDeployment { Metadata = new() { Name = "a" }, Spec = JsonSerializer.Deserialize($$"""{"model":{"id":"Qwen/Qwen3-8B"},{{spec}}}""", SlipwayJson.Default.ModelDeploymentSpec)! };
        return RoomOutlook.Of(draft, ClusterRuntimes.All().Single(r => r.Descriptor.Name == runtime), EngineType.Vllm, limits);
    }
}
