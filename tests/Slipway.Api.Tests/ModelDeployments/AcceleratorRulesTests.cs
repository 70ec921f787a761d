using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Api.Crds;
using Slipway.Api.ModelDeployments;

namespace Slipway.Api.Tests.ModelDeployments;

public sealed class AcceleratorRulesTests
{
    [Theory]
    [InlineData("""{"count":4}""")]
    [InlineData("""{"minMemory":"80G","models":["NVIDIA H100"],"architectures":["Hopper","Blackwell"]}""")]
    [InlineData("""{"attributes":[{"key":"gpu.nvidia.com/cudaComputeCapability","operator":"AtLeast","type":"Version","values":["9.0.0"]},{"key":"gpu.nvidia.com/uuid","operator":"Exists"}]}""")]
    [InlineData("""{"selectors":["device.driver == 'gpu.nvidia.com'"],"matchAttribute":["resource.kubernetes.io/pcieRoot"]}""")]
    [InlineData("""{"count":2,"firstAvailable":[{"name":"h200","models":["NVIDIA H200"]},{"name":"h100","models":["NVIDIA H100"]}]}""")]
    [InlineData("""{"partition":{"profile":"3g.40gb"},"capacity":{"memory":"30G"}}""")]
    [InlineData("""{"mode":"DRA","count":2,"resourceClaimName":"shared"}""")]
    [InlineData("""{"mode":"ExtendedResource","count":2,"deviceClassName":"gpu.nvidia.com"}""")]
    [InlineData("""{"mode":"ExtendedResource","count":2,"replicaClaimTemplateName":"fabric"}""")]
    [InlineData("""{"resourceClaimName":"shared","replicaClaimTemplateName":"fabric.of.mine"}""")]
    public void Every_way_of_asking_is_taken(string accelerators) => Assert.Empty(Errors(accelerators));

    [Theory]
    [InlineData("""{"count":0}""", "count")]
    [InlineData("""{"minMemory":"much"}""", "minMemory")]
    [InlineData("""{"minMemory":"-1G"}""", "minMemory")]
    [InlineData("""{"deviceClassName":"No Class"}""", "deviceClassName")]
    [InlineData("""{"replicaClaimTemplateName":"No Template"}""", "replicaClaimTemplateName")]
    [InlineData("""{"models":[""]}""", "models")]
    [InlineData("""{"attributes":[{"key":"architecture","values":["Hopper"]}]}""", "attributes[architecture].key")]
    [InlineData("""{"attributes":[{"key":"a.b/c"}]}""", "attributes[a.b/c].values")]
    [InlineData("""{"attributes":[{"key":"a.b/c","operator":"Exists","values":["x"]}]}""", "attributes[a.b/c].values")]
    [InlineData("""{"attributes":[{"key":"a.b/c","operator":"AtLeast","values":["9.0.0"]}]}""", "attributes[a.b/c].values")]
    [InlineData("""{"attributes":[{"key":"a.b/c","type":"Version","values":["9"]}]}""", "attributes[a.b/c].values")]
    [InlineData("""{"attributes":[{"key":"a.b/c","type":"Int","values":["nine"]}]}""", "attributes[a.b/c].values")]
    [InlineData("""{"selectors":[" "]}""", "selectors")]
    [InlineData("""{"matchAttribute":["pcieRoot"]}""", "matchAttribute")]
    [InlineData("""{"capacity":{"memory":"some"}}""", "capacity[memory]")]
    [InlineData("""{"firstAvailable":[{"name":"a"},{"name":"a"}]}""", "firstAvailable[a]")]
    [InlineData("""{"firstAvailable":[{"name":"A b"}]}""", "firstAvailable[A b].name")]
    [InlineData("""{"mode":"ExtendedResource","minMemory":"80G"}""", "minMemory")]
    [InlineData("""{"resourceClaimName":"mine","models":["NVIDIA H100"]}""", "models")]
    public void What_makes_no_sense_is_named(string accelerators, string field) =>
        Assert.Equal($"spec.resources.accelerators.{field}", Assert.Single(Errors(accelerators)).Path);

    [Fact]
    public void Alternatives_stay_within_what_one_request_takes()
    {
        var many = string.Join(',', Enumerable.Range(0, 16).Select(i => $$"""{"key":"a.b/c{{i}}","operator":"Exists"}"""));
        var errors = Errors($$"""{"minMemory":"1G","attributes":[{{many}}],"firstAvailable":[{"name":"one","attributes":[{{many}}]}]}""");
        Assert.Equal("spec.resources.accelerators.firstAvailable[one]", Assert.Single(errors).Path);
    }

    [Fact]
    public void They_and_a_number_of_GPUs_exclude_each_other() => Assert.Equal(
        ["spec.resources.accelerators"],
        Validate("""{"model":{"id":"org/name"},"resources":{"gpu":{"count":1},"accelerators":{"count":1}}}""").Select(e => e.Path));

    [Fact]
    public void In_disaggregated_mode_each_role_has_its_own()
    {
        Assert.Empty(Validate("""{"model":{"id":"org/name"},"serving":{"mode":"disaggregated"},"scaling":{"prefill":{"accelerators":{"count":2}},"decode":{"accelerators":{"minMemory":"80G"}}}}"""));
        Assert.Equal(
            ["spec.resources.accelerators", "spec.scaling.decode.gpu.count", "spec.scaling.decode.accelerators.count"],
            Validate("""{"model":{"id":"org/name"},"serving":{"mode":"disaggregated"},"resources":{"accelerators":{}},"scaling":{"prefill":{"accelerators":{}},"decode":{"accelerators":{"count":0}}}}""").Select(e => e.Path));
    }

    [Theory]
    [InlineData("resources")]
    [InlineData("prefill")]
    [InlineData("decode")]
    public void The_definition_lets_a_server_refuse_both(string role)
    {
        var spec = JsonNode.Parse(CustomResources.Read("modeldeployments.airunway.ai"))!["spec"]!["versions"]![0]!["schema"]!["openAPIV3Schema"]!["properties"]!["spec"]!["properties"]!;
        var schema = role == "resources" ? spec["resources"]! : spec["scaling"]!["properties"]![role]!;
        Assert.Equal("!has(self.gpu) || !has(self.accelerators)", (string?)Assert.Single(schema["x-kubernetes-validations"]!.AsArray())!["rule"]);
    }

    private static IReadOnlyList<FieldError> Errors(string accelerators) => Validate("""{"model":{"id":"org/name"},"resources":{"accelerators":""" + accelerators + "}}");

    private static IReadOnlyList<FieldError> Validate(string spec) => ModelDeploymentValidator.Validate(new ModelDeployment
    {
        Metadata = new() { Name = "a" },
        Spec = JsonSerializer.Deserialize(spec, SlipwayJson.Default.ModelDeploymentSpec)!,
    });
}
