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

    /// <summary>Without a most there is no autoscaling; with a least alone, the most is as much.</summary>
    public static ModelDeployment WithFewest(this ModelDeployment deployment, int? replicas) => deployment.With(s => s with
    {
        Scaling = s.Scaling?.Autoscaling is null && replicas is null ? s.Scaling : (s.Scaling ?? new()) with
        {
            Autoscaling = (s.Scaling?.Autoscaling ?? new() { MaxReplicas = Math.Max(1, replicas ?? 1) }) with { MinReplicas = replicas },
        },
    });

    public static ModelDeployment WithMost(this ModelDeployment deployment, int? replicas) => deployment.With(s => s with
    {
        Scaling = OrNull((s.Scaling ?? new()) with { Autoscaling = replicas is { } most ? (s.Scaling?.Autoscaling ?? new() { MaxReplicas = most }) with { MaxReplicas = most } : null }, new()),
    });

    public static ModelDeployment WithGpus(this ModelDeployment deployment, int? count) => deployment.WithResources(r => r with { Gpu = OrNull((r.Gpu ?? new()) with { Count = count }, new()) });

    public static ModelDeployment WithGpuType(this ModelDeployment deployment, string? resource) => deployment.WithResources(r => r with { Gpu = OrNull((r.Gpu ?? new()) with { Type = Given(resource) }, new()) });

    public static ModelDeployment WithMemory(this ModelDeployment deployment, string? amount) => deployment.WithResources(r => r with { Memory = Given(amount) });

    public static ModelDeployment WithCpu(this ModelDeployment deployment, string? amount) => deployment.WithResources(r => r with { Cpu = Given(amount) });

    public static ModelDeployment WithImage(this ModelDeployment deployment, string? image) => deployment.WithEngine(e => e with { Image = Given(image) });

    /// <exception cref="FormatException">A line is no flag.</exception>
    public static ModelDeployment WithArgs(this ModelDeployment deployment, string? lines) => deployment.WithEngine(e => e with { Args = Lines.Read(lines, e.Args) });

    /// <exception cref="FormatException">A line is no variable.</exception>
    public static ModelDeployment WithEnv(this ModelDeployment deployment, string? lines) => deployment.With(s => s with { Env = Lines.Read(lines, s.Env) });

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

    private static ModelDeployment WithResources(this ModelDeployment deployment, Func<ResourcesSpec, ResourcesSpec> change) =>
        deployment.With(s => s with { Resources = OrNull(change(s.Resources ?? new()), new()) });

    private static ModelDeployment WithEngine(this ModelDeployment deployment, Func<EngineSpec, EngineSpec> change) =>
        deployment.With(s => s with { Engine = OrNull(change(s.Engine ?? new()), new()) });

    private static ModelDeployment With(this ModelDeployment deployment, Func<ModelDeploymentSpec, ModelDeploymentSpec> change) =>
        deployment with { Spec = change(deployment.Spec) };

    private static T? OrNull<T>(T value, T empty)
        where T : class => value.Equals(empty) ? null : value;

    private static string? Given(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
