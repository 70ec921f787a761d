using Slipway.Api.ModelDeployments;

namespace Slipway.Web.Manifests;

/// <summary>Changes of single fields of a manifest. What was left out stays out: an empty part is no part.</summary>
internal static class Changes
{
    public static ModelDeployment WithReplicas(this ModelDeployment deployment, int? replicas) => deployment.With(s => s with
    {
        Scaling = OrNull((s.Scaling ?? new()) with { Replicas = replicas }, new()),
    });

    public static ModelDeployment WithContext(this ModelDeployment deployment, int? tokens) => deployment.With(s => s with
    {
        Engine = OrNull((s.Engine ?? new()) with { ContextLength = tokens }, new()),
    });

    public static ModelDeployment WithEngine(this ModelDeployment deployment, EngineType? engine) => deployment.With(s => s with
    {
        Engine = OrNull((s.Engine ?? new()) with { Type = engine }, new()),
    });

    public static ModelDeployment WithModelName(this ModelDeployment deployment, string? name) => deployment.With(s => s with
    {
        Gateway = OrNull((s.Gateway ?? new()) with { ModelName = Given(name) }, new()),
    });

    public static ModelDeployment WithRuntime(this ModelDeployment deployment, string? name) => deployment.With(s => s with
    {
        Provider = OrNull((s.Provider ?? new()) with { Name = Given(name) }, new()),
    });

    public static ModelDeployment WithGpus(this ModelDeployment deployment, int? count) => deployment.With(s =>
    {
        var resources = (s.Resources ?? new()) with { Gpu = OrNull((s.Resources?.Gpu ?? new()) with { Count = count }, new()) };
        return s with { Resources = OrNull(resources, new()) };
    });

    public static ModelDeployment WithModel(this ModelDeployment deployment, string? id) => deployment.With(s => s with { Model = s.Model with { Id = Given(id) } });

    public static ModelDeployment WithQuantization(this ModelDeployment deployment, string? type) => deployment.With(s => s with { Model = s.Model with { Quantization = Given(type) } });

    public static ModelDeployment WithTokenSecret(this ModelDeployment deployment, string? name) => deployment.With(s => s with
    {
        Secrets = OrNull((s.Secrets ?? new()) with { HuggingFaceToken = Given(name) }, new()),
    });

    public static ModelDeployment Named(this ModelDeployment deployment, string? name, string? space) => deployment with
    {
        Metadata = deployment.Metadata with { Name = Given(name), Namespace = Given(space) },
    };

    private static ModelDeployment With(this ModelDeployment deployment, Func<ModelDeploymentSpec, ModelDeploymentSpec> change) =>
        deployment with { Spec = change(deployment.Spec) };

    private static T? OrNull<T>(T value, T empty)
        where T : class => value.Equals(empty) ? null : value;

    private static string? Given(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
