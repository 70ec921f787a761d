using Slipway.Api.Meta;
using Slipway.Api.ModelDeployments;

namespace Slipway.Api.Tests.ModelDeployments;

public sealed class ModelDeploymentValidatorTests
{
    [Theory]
    [InlineData("org/name")]
    [InlineData("gpt2")]
    [InlineData("Qwen/Qwen3-0.6B-GGUF")]
    public void A_hub_id_is_enough(string id) => Assert.Empty(Errors(new ModelDeploymentSpec { Model = new() { Id = id } }));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("../../etc/passwd")]
    [InlineData("a/b/c")]
    [InlineData("org/na me")]
    [InlineData("org/a..b")]
    public void What_is_no_hub_id_is_named(string? id) =>
        Assert.Equal(["spec.model.id"], Errors(new ModelDeploymentSpec { Model = new() { Id = id } }).Select(e => e.Path));

    [Fact]
    public void A_model_in_an_image_needs_the_image()
    {
        var spec = new ModelDeploymentSpec { Model = new() { Source = ModelSource.Custom } };
        Assert.Equal(["spec.model.source"], Errors(spec).Select(e => e.Path));
        Assert.Empty(Errors(spec with { Engine = new() { Image = "example/model:1" } }));
        Assert.Empty(Errors(spec with { Image = "example/model:1" }));
    }

    [Theory]
    [InlineData("topology.kubernetes.io/rack", true)]
    [InlineData("rack", true)]
    [InlineData("", false)]
    [InlineData("a/b/c", false)]
    [InlineData("the rack", false)]
    public void Racks_are_named_by_a_label(string key, bool fits) => Assert.Equal(
        fits ? [] : ["spec.scheduling.topologyKey"], Errors(new ModelDeploymentSpec { Model = new() { Id = "org/name" }, Scheduling = new() { TopologyKey = key } }).Select(e => e.Path));

    [Theory]
    [InlineData("gpus", true)]
    [InlineData("team-a.gpus", true)]
    [InlineData("", false)]
    [InlineData("Team", false)]
    [InlineData("-a", false)]
    [InlineData("a234567890123456789012345678901234567890123456789012345678901234", false)]
    public void A_queue_is_named_as_a_label_can_hold_it(string queue, bool right) => Assert.Equal(
        right ? [] : ["spec.scheduling.queueName"], Errors(new ModelDeploymentSpec { Model = new() { Id = "org/name" }, Scheduling = new() { QueueName = queue } }).Select(e => e.Path));

    [Fact]
    public void A_dot_in_the_name_is_refused() =>
        Assert.Equal("metadata.name", Assert.Single(ModelDeploymentValidator.Validate(new ModelDeployment
        {
            Metadata = new ObjectMeta { Name = "a.b" },
            Spec = new() { Model = new() { Id = "org/name" } },
        })).Path);

    [Fact]
    public void Disaggregated_serving_needs_both_roles_with_GPUs_and_no_resources_of_the_whole() =>
        Assert.Equal(
            ["spec.resources.gpu", "spec.scaling.prefill", "spec.scaling.decode.gpu.count"],
            Errors(new ModelDeploymentSpec
            {
                Model = new() { Id = "org/name" },
                Serving = new() { Mode = ServingMode.Disaggregated },
                Resources = new() { Gpu = new() { Count = 1 } },
                Scaling = new() { Decode = new() },
            }).Select(e => e.Path));

    [Fact]
    public void A_flag_that_is_given_twice_is_refused() =>
        Assert.Equal("spec.engine.extraArgs", Assert.Single(Errors(new ModelDeploymentSpec
        {
            Model = new() { Id = "org/name" },
            Engine = new() { Args = new Dictionary<string, string> { ["threads"] = "2" }, ExtraArgs = ["--threads=4"] },
        })).Path);

    [Theory]
    [InlineData("../secret.gguf")]
    [InlineData("/etc/passwd")]
    [InlineData("a/../b.gguf")]
    public void A_file_outside_the_repository_is_refused(string file) =>
        Assert.Equal("spec.model.file", Assert.Single(Errors(new ModelDeploymentSpec { Model = new() { Id = "org/name", File = file } })).Path);

    [Theory]
    [InlineData("/etc", "mountPath")]
    [InlineData("/", "mountPath")]
    [InlineData("relative", "mountPath")]
    [InlineData("/a/../etc", "mountPath")]
    [InlineData(null, "mountPath")]
    public void A_volume_may_not_cover_the_system(string? path, string field) =>
        Assert.Equal($"spec.model.storage.volumes[v].{field}", Assert.Single(Errors(Volumes(new StorageVolume { Name = "v", ClaimName = "c", MountPath = path }))).Path);

    [Fact]
    public void Volumes_that_contradict_themselves_are_refused() =>
        Assert.Equal(
            [
                "spec.model.storage.volumes[a].claimName", "spec.model.storage.volumes[b].readOnly", "spec.model.storage.volumes[b].mountPath",
                "spec.model.storage.volumes",
            ],
            Errors(Volumes(
                new StorageVolume { Name = "a", Purpose = VolumePurpose.ModelCache },
                new StorageVolume { Name = "b", Purpose = VolumePurpose.ModelCache, Size = new Quantity("1Gi"), ReadOnly = true })).Select(e => e.Path));

    private static ModelDeploymentSpec Volumes(params StorageVolume[] volumes) =>
        new() { Model = new() { Id = "org/name", Storage = new() { Volumes = volumes } } };

    private static IReadOnlyList<FieldError> Errors(ModelDeploymentSpec spec) =>
        ModelDeploymentValidator.Validate(new ModelDeployment { Metadata = new ObjectMeta { Name = "a" }, Spec = spec });
}
