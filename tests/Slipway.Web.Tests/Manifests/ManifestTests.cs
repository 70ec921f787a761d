using Slipway.Api.Meta;
using Slipway.Api.ModelDeployments;
using Slipway.Testing;
using Slipway.Web.Manifests;
using Slipway.Web.Tests.Fakes;

namespace Slipway.Web.Tests.Manifests;

public sealed class ManifestTests
{
    private const string Head = "apiVersion: airunway.ai/v1alpha1\nkind: ModelDeployment\nmetadata:\n  name: a\n";

    public static TheoryData<string> Examples => [.. Directory.GetFiles(Path.Combine(Tools.RepositoryRoot, "examples"), "*.yaml")];

    [Theory]
    [MemberData(nameof(Examples))]
    public void The_examples_are_manifests_and_survive_being_written(string file)
    {
        var read = Manifest.Read(File.ReadAllText(file));
        Assert.Empty(read.Errors);
        Assert.Equal(Manifest.Write(read.Deployment!), Manifest.Write(Manifest.Read(Manifest.Write(read.Deployment!)).Deployment!));
    }

    [Theory]
    [InlineData("spec:\n  model:\n    id: a/b\n  replicas: 2\n", "spec.replicas: the API has no field replicas here")]
    [InlineData("spec:\n  model:\n    id: a/b\n  scaling:\n    replicas: many\n", "spec.scaling.replicas: this value is of the wrong kind")]
    [InlineData("spec:\n  model:\n    id: a/b\n  scaling:\n    autoscaling:\n      minReplicas: 3\n      maxReplicas: 1\n", "spec.scaling.autoscaling.minReplicas: 3 is more than maxReplicas")]
    [InlineData("spec: {}\n", "required")]
    [InlineData("spec:\n  model:\n    id: \"not an id\"\n", "spec.model.id")]
    public void What_the_API_would_refuse_is_said_before_it_is_sent(string spec, string message) =>
        Assert.Contains(message, string.Join('\n', Manifest.Read(Head + spec).Errors), StringComparison.Ordinal);

    [Theory]
    [InlineData("", "empty")]
    [InlineData("apiVersion: v1\nkind: Pod\n", "apiVersion has to be airunway.ai/v1alpha1")]
    public void Another_kind_is_none_of_ours(string text, string message) => Assert.Contains(message, Manifest.Read(text).Errors.Single(), StringComparison.Ordinal);

    [Fact]
    public void What_is_shown_is_what_somebody_would_declare()
    {
        var ready = Given.Ready("a");
        ready = ready with { Metadata = ready.Metadata with { Annotations = new Dictionary<string, string> { ["slipway.dev/note"] = "x", ["mine"] = "note" }, Finalizers = ["f"] } };
        var text = Manifest.Write(ready);
        Assert.Contains("mine: note", text, StringComparison.Ordinal);
        foreach (var no in (string[])["status", "slipway.dev/note", "finalizers", "uid", "resourceVersion"]) Assert.DoesNotContain(no, text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Qwen/Qwen3-0.6B-GGUF", "qwen3-0-6b")]
    [InlineData("org/7B", "m-7b")]
    public void A_name_made_from_a_models_is_a_name(string model, string name)
    {
        Assert.Equal(name, DeploymentNames.For(model));
        Assert.Null(DeploymentNames.Fault(name));
    }

    [Fact]
    public void A_field_that_is_emptied_leaves_nothing_behind()
    {
        var plain = new ModelDeployment { Metadata = new ObjectMeta { Name = "a" }, Spec = new ModelDeploymentSpec { Model = new ModelSpec { Id = "a/b" } } };
        var changed = plain.WithReplicas(2).WithContext(10).WithRuntime("x").WithGpus(1).WithModelName("n").WithEngine(EngineType.Vllm).WithTokenSecret("s");
        Assert.NotEqual(plain, changed);
        Assert.Equal(plain, changed.WithReplicas(null).WithContext(null).WithRuntime("").WithGpus(null).WithModelName(" ").WithEngine(null).WithTokenSecret(null));
    }
}
