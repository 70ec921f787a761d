using Slipway.Api.Meta;
using Slipway.Api.ModelDeployments;
using Slipway.Api.Providers;
using Slipway.Operator.Selection;
using Slipway.Runtimes.Local;

namespace Slipway.Operator.Tests.Selection;

public sealed class SelectorTests
{
    private static readonly DateTimeOffset s_now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_model_alone_runs_without_a_GPU_on_this_machine()
    {
        var choice = Selector.Choose(Deployment(), [Local(), Gpu("kaito", EngineType.Vllm)], s_now);
        Assert.Equal((EngineType.LlamaCpp, "local"), (choice.Engine, choice.Provider));
        Assert.Equal("The only ready runtime for llamacpp without a GPU (kaito: does not run llamacpp)", choice.ProviderReason);
    }

    [Fact]
    public void A_GPU_asks_for_an_engine_that_uses_one()
    {
        var choice = Selector.Choose(Deployment(spec => spec with { Resources = new() { Gpu = new() { Count = 1 } } }), [Local(), Gpu("kaito", EngineType.Vllm)], s_now);
        Assert.Equal((EngineType.Vllm, "kaito"), (choice.Engine, choice.Provider));
    }

    [Fact]
    public void Nothing_is_chosen_where_nothing_can_run_it_and_each_is_told_why()
    {
        var choice = Selector.Choose(Deployment(spec => spec with { Engine = new() { Type = EngineType.Vllm } }), [Local(), Gpu("kaito", EngineType.Vllm)], s_now);
        Assert.Null(choice.Provider);
        Assert.Equal("No runtime can run vllm without a GPU: kaito runs vllm on GPUs only; local does not run vllm", choice.ProviderReason);
    }

    [Fact]
    public void An_unknown_runtime_is_named_with_the_known_ones()
    {
        var choice = Selector.Choose(Deployment(spec => spec with { Provider = new() { Name = "kubeflow" } }), [Local()], s_now);
        Assert.Null(choice.Provider);
        Assert.Equal("There is no runtime named \"kubeflow\": known are local", choice.ProviderReason);
    }

    [Fact]
    public void What_was_chosen_stays_even_when_another_would_be_chosen_now()
    {
        var deployment = Deployment() with
        {
            Status = new() { Engine = new() { Type = EngineType.LlamaCpp, SelectedReason = "then" }, Provider = new() { Name = "kaito", SelectedReason = "then" } },
        };
        var choice = Selector.Choose(deployment, [Local(), Gpu("kaito", EngineType.Vllm)], s_now);
        Assert.Equal((EngineType.LlamaCpp, "kaito", "then"), (choice.Engine, choice.Provider, choice.ProviderReason));
    }

    [Fact]
    public void A_runtime_that_fell_silent_is_not_chosen()
    {
        var silent = Local() with { Status = new() { Ready = true, LastHeartbeat = s_now.AddMinutes(-4) } };
        var choice = Selector.Choose(Deployment(), [silent], s_now);
        Assert.Null(choice.Engine);
        Assert.Contains("has been silent since 2025-12-31 23:56:00Z", choice.EngineReason, StringComparison.Ordinal);
    }

    [Fact]
    public void Disaggregated_serving_needs_a_runtime_that_offers_it()
    {
        var split = Deployment(spec => spec with { Serving = new() { Mode = ServingMode.Disaggregated }, Scaling = Workers() });
        Assert.Null(Selector.Choose(split, [Gpu("kaito", EngineType.Vllm)], s_now).Provider);
        Assert.Equal("dynamo", Selector.Choose(split, [Gpu("dynamo", EngineType.Vllm, ServingMode.Disaggregated)], s_now).Provider);
    }

    [Fact]
    public void The_rule_with_the_highest_priority_wins_over_the_name()
    {
        var choice = Choose(Rule("aaa", "spec.engine.type == 'vllm'", 50), Rule("bbb", "has(spec.resources.gpu) && spec.resources.gpu.count > 1", 80));
        Assert.Equal("bbb", choice.Provider);
        Assert.Equal("Its rule \"has(spec.resources.gpu) && spec.resources.gpu.count > 1\" has the highest priority, 80 (aaa: priority 50)", choice.ProviderReason);
    }

    [Fact]
    public void Equal_priorities_go_by_name() =>
        Assert.Equal("aaa", Choose(Rule("bbb", "true", 50), Rule("aaa", "true", 50)).Provider);

    [Fact]
    public void A_rule_that_fails_counts_for_nothing_and_is_named()
    {
        var choice = Choose(Rule("aaa", "spec.scaling.replicas > 1", 90), Rule("bbb", "this is no rule", 90), Rule("ccc", "true", 1));
        Assert.Equal("ccc", choice.Provider);
        Assert.Contains("aaa's rule \"spec.scaling.replicas > 1\" fails: no such key: scaling", choice.ProviderReason, StringComparison.Ordinal);
        Assert.Contains("bbb's rule \"this is no rule\" is no CEL", choice.ProviderReason, StringComparison.Ordinal);
    }

    private static Choice Choose(params InferenceProviderConfig[] providers) =>
        Selector.Choose(Deployment(spec => spec with { Resources = new() { Gpu = new() { Count = 2 } } }), providers, s_now);

    private static InferenceProviderConfig Rule(string name, string condition, int priority)
    {
        var provider = Gpu(name, EngineType.Vllm);
        return provider with { Spec = provider.Spec! with { SelectionRules = [new SelectionRule { Condition = condition, Priority = priority }] } };
    }

    private static ScalingSpec Workers() => new() { Prefill = new() { Gpu = new() { Count = 1 } }, Decode = new() { Gpu = new() { Count = 1 } } };

    private static ModelDeployment Deployment(Func<ModelDeploymentSpec, ModelDeploymentSpec>? change = null)
    {
        var spec = new ModelDeploymentSpec { Model = new ModelSpec { Id = "org/model" } };
        return new ModelDeployment { Metadata = new ObjectMeta { Name = "a", Namespace = "default" }, Spec = change?.Invoke(spec) ?? spec };
    }

    private static InferenceProviderConfig Local() => new()
    {
        Metadata = new ObjectMeta { Name = "local" },
        Spec = new LocalRuntime().Descriptor.Spec,
        Status = new InferenceProviderStatus { Ready = true, LastHeartbeat = s_now },
    };

    private static InferenceProviderConfig Gpu(string name, EngineType engine, ServingMode mode = ServingMode.Aggregated) => new()
    {
        Metadata = new ObjectMeta { Name = name },
        Spec = new InferenceProviderSpec
        {
            Capabilities = new() { Engines = [new EngineCapability { Name = engine, GpuSupport = true, ServingModes = [mode] }] },
        },
        Status = new InferenceProviderStatus { Ready = true, LastHeartbeat = s_now },
    };
}
