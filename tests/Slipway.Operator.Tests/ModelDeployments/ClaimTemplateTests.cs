using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Api.Meta;
using Slipway.Api.ModelDeployments;
using Slipway.Api.ModelDeployments.Accelerators;
using Slipway.Api.Providers;
using Slipway.Kubernetes.Objects;
using Slipway.Operator.ModelDeployments;
using Slipway.Runtimes;
using Slipway.Runtimes.Vllm;

namespace Slipway.Operator.Tests.ModelDeployments;

/// <summary>What accelerators are asked for changes while the model runs.</summary>
public sealed class ClaimTemplateTests
{
    private const string Template = "ResourceClaimTemplate";

    private static readonly ClusterApis s_apis = new(ImmutableDictionary<string, ImmutableArray<string>>.Empty.Add("resourceclaimtemplates.resource.k8s.io", ["v1"]));

    private readonly DeploymentPlanner _planner = new([new VllmRuntime()], null);

    [Fact]
    public void The_template_of_the_revision_before_goes_when_none_of_its_pods_is_left()
    {
        var before = Applied(Plan(Asking("40G"), []), ready: true);
        var change = Plan(Asking("80G"), before);
        Assert.Contains(change.Changes, static c => c is ApplyObject { Kind: Template });
        Assert.DoesNotContain(change.Changes, static c => c is DeleteObject);

        // Applied, and the new pods are on their way.
        var underWay = before.SetItems(Applied(change, ready: false));
        Assert.Equal(2, underWay.Count(static o => o.Key.Kind == Template));
        Assert.DoesNotContain(Plan(Asking("80G"), underWay).Changes, static c => c is DeleteObject);

        var done = before.SetItems(Applied(change, ready: true));
        var gone = Assert.IsType<DeleteObject>(Assert.Single(Plan(Asking("80G"), done).Changes));
        Assert.Equal((Template, before.Keys.Single(static k => k.Kind == Template).Name), (gone.Kind, gone.Name));
    }

    private DeploymentPlan Plan(ModelDeployment deployment, ImmutableDictionary<ObjectId, CachedObject> objects) => _planner.Plan(deployment, new PlanInput(
        [new InferenceProviderConfig { Metadata = new ObjectMeta { Name = "vllm" }, Spec = new VllmRuntime().Descriptor.Spec, Status = new() { Ready = true } }], new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero))
    {
        Apis = s_apis,
        Objects = objects,
    });

    // As the API and Kubernetes' own controller leave what was applied.
    private static ImmutableDictionary<ObjectId, CachedObject> Applied(DeploymentPlan plan, bool ready) => plan.Changes.OfType<ApplyObject>().ToImmutableDictionary(static c => new ObjectId(c.Kind, c.Name), c =>
    {
        var value = c.Object.DeepClone().AsObject();
        value["metadata"]!["generation"] = 1;
        if (c.Kind == "Deployment")
        {
            var count = ready ? 1 : 0;
            value["status"] = new JsonObject { ["observedGeneration"] = 1, ["replicas"] = 1, ["updatedReplicas"] = 1, ["readyReplicas"] = count, ["availableReplicas"] = count };
        }

        return new CachedObject(JsonDocument.Parse(value.ToJsonString()).RootElement);
    });

    private static ModelDeployment Asking(string memory) => new()
    {
        Metadata = new ObjectMeta { Name = "a", Namespace = "team", Uid = "uid-a", Generation = 1 },
        Spec = new ModelDeploymentSpec
        {
            Model = new() { Id = "org/model" },
            Engine = new() { Type = EngineType.Vllm },
            Provider = new() { Name = "vllm" },
            Resources = new() { Accelerators = new AcceleratorsSpec { Count = 1, MinMemory = new Quantity(memory) } },
        },
    };
}
