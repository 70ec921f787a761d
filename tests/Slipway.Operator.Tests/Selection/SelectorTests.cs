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
    public void A_model_alone_goes_to_the_first_engine_that_is_there_with_or_without_GPUs()
    {
        Assert.Equal((EngineType.LlamaCpp, "local"), Engine(Selector.Choose(Deployment(), [Local()], s_now)));
        Assert.Equal((EngineType.Vllm, "kaito"), Engine(Selector.Choose(Deployment(), [Local(), Gpu("kaito", EngineType.Vllm)], s_now)));
    }

    [Fact]
    public void No_GPU_asks_for_an_engine_that_runs_without()
    {
        var choice = Selector.Choose(Deployment(spec => spec with { Resources = new() { Gpu = new() { Count = 0 } } }), [Local(), Gpu("kaito", EngineType.Vllm)], s_now);
        Assert.Equal((EngineType.LlamaCpp, "local"), (choice.Engine, choice.Provider));
        Assert.Equal("The only ready runtime for llamacpp without a GPU (kaito: does not run llamacpp)", choice.ProviderReason);
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 80)]
    public void KubeRay_sees_accelerators_that_are_claimed_as_it_sees_GPUs(int count, int priority)
    {
        var spec = new Runtimes.KubeRay.KubeRayRuntime().Descriptor.Spec;
        var ray = new InferenceProviderConfig { Metadata = new() { Name = "kuberay" }, Spec = spec, Status = new() { Ready = true, LastHeartbeat = s_now } };
        var choice = Selector.Choose(Deployment(s => s with { Engine = new() { Type = EngineType.Vllm }, Resources = new() { Accelerators = new() { Count = count, MinMemory = new Quantity("80G") } } }), [ray, Gpu("other", EngineType.Vllm)], s_now);
        Assert.Equal(priority, choice.Candidates!.Single(c => c.Name == "kuberay").Priority ?? 0);
    }

    [Fact]
    public void A_GGUF_file_asks_for_llama_cpp()
    {
        var choice = Selector.Choose(Deployment(spec => spec with { Model = spec.Model with { Quantization = "Q4_K_M" } }), [Local(), Gpu("kaito", EngineType.Vllm)], s_now);
        Assert.Equal((EngineType.LlamaCpp, "local"), (choice.Engine, choice.Provider));
    }

    [Fact]
    public void A_runtime_without_rules_is_chosen_by_name_only()
    {
        var shy = Gpu("shy", EngineType.Vllm);
        shy = shy with { Spec = shy.Spec! with { SelectionRules = null } };
        var choice = Selector.Choose(Deployment(), [shy], s_now);
        Assert.Null(choice.Provider);
        Assert.Contains("chosen by name only", Assert.Single(choice.Candidates!).Message, StringComparison.Ordinal);
        Assert.Equal("shy", Selector.Choose(Deployment(spec => spec with { Provider = new() { Name = "shy" } }), [shy], s_now).Provider);
    }

    [Fact]
    public void A_runtime_that_would_refuse_a_field_is_passed_over_with_its_words()
    {
        var choice = Selector.Choose(
            Deployment(), [Gpu("aaa", EngineType.Vllm), Gpu("bbb", EngineType.Vllm)], s_now, (name, _) => name == "aaa" ? "does not support spec.env: no reason" : null);
        Assert.Equal("bbb", choice.Provider);
        Assert.Equal(["aaa: does not support spec.env: no reason", "bbb: chosen: The only ready runtime for vllm"], choice.Candidates!.Select(c => $"{c.Name}: {c.Message}"));
    }

    [Fact]
    public void A_choice_is_made_anew_until_something_was_made()
    {
        var deployment = Deployment() with
        {
            Status = new() { Engine = new() { Type = EngineType.LlamaCpp, SelectedReason = "then" }, Provider = new() { Name = "gone", SelectedReason = "then" } },
        };
        Assert.Equal("kaito", Selector.Choose(deployment, [Gpu("kaito", EngineType.Vllm)], s_now).Provider);
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
        var choice = Selector.Choose(
            Deployment(spec => spec with { Engine = new() { Type = EngineType.Vllm }, Resources = new() { Gpu = new() { Count = 0 } } }), [Local(), Gpu("kaito", EngineType.Vllm)], s_now);
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
            Status = new() { Engine = new() { Type = EngineType.LlamaCpp, SelectedReason = "then" }, Provider = new() { Name = "kaito", ResourceName = "a", SelectedReason = "then" } },
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

    private static (EngineType? Engine, string? Provider) Engine(Choice choice) => (choice.Engine, choice.Provider);

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
            SelectionRules = [new SelectionRule { Condition = "true", Priority = 0 }],
            Capabilities = new() { Engines = [new EngineCapability { Name = engine, GpuSupport = true, ServingModes = [mode] }] },
        },
        Status = new InferenceProviderStatus { Ready = true, LastHeartbeat = s_now },
    };
}
