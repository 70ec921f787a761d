using System.Collections.Immutable;
using Slipway.Api.Meta;
using Slipway.Api.ModelDeployments;
using Slipway.Capacity.Inventory;
using Slipway.Models.Profiles;
using Slipway.Models.Store;
using Slipway.Testing;

namespace Slipway.Operator.Tests.Sizing;

/// <summary>Models by their published config.json, nodes and deployments.</summary>
internal static class Given
{
    private static readonly Dictionary<string, string> s_configs = new()
    {
        ["8b"] = Llama(4096, 32, 32, 8, 14336, 128256, 131072),
        ["32b"] = Llama(5120, 64, 64, 8, 25600, 151936, 40960),
        ["70b"] = Llama(8192, 80, 64, 8, 28672, 128256, 131072),
        ["70b-awq"] = Llama(8192, 80, 64, 8, 28672, 128256, 131072, ""","quantization_config":{"quant_method":"awq","bits":4,"group_size":128}"""),
        ["405b"] = Llama(16384, 126, 128, 8, 53248, 128256, 131072),
        ["odd-heads"] = Llama(5376, 64, 42, 14, 25600, 151936, 40960),
        ["30b-moe"] = """
            {"architectures":["Qwen3MoeForCausalLM"],"model_type":"qwen3_moe","num_hidden_layers":48,"hidden_size":2048,"num_attention_heads":32,"num_key_value_heads":4,"head_dim":128,
             "vocab_size":151936,"intermediate_size":6144,"moe_intermediate_size":768,"num_experts":128,"num_experts_per_tok":8,"max_position_embeddings":40960,"torch_dtype":"bfloat16"}
            """,
    };

    public static string Config(string model) => s_configs[model];

    public static async Task<ModelProfile> ProfileAsync(string model)
    {
        using var folder = new TempDirectory();
        await File.WriteAllTextAsync(folder["config.json"], Config(model));
        var result = await ModelProfiler.ProfileFolderAsync(folder.Path, new ModelRequest($"org/{model}"), CancellationToken.None);
        return result is ProfileResult.Read { Profile: var profile } ? profile : throw new InvalidOperationException(((ProfileResult.Failed)result).Error.Message);
    }

    /// <summary>A node as <c>count product memory-in-MiB</c>; a memory of 0 is not said.</summary>
    public static NodeFacts Node(string text)
    {
        var parts = text.Split(' ');
        var labels = ImmutableDictionary<string, string>.Empty.Add("pool", parts[1]);
        if (parts[2] != "0") labels = labels.Add("nvidia.com/gpu.product", parts[1]).Add("nvidia.com/gpu.memory", parts[2]);
        var amounts = Json($$$"""{"metadata":{"name":"{{{Guid.NewGuid():n}}}"},"status":{"capacity":{"nvidia.com/gpu":"{{{parts[0]}}}"} } }""");
        return Capacity.Inventory.Kubernetes.NodeReader.Read(amounts)! with { Labels = labels };
    }

    public static ModelDeployment Deployment(string model, Func<ModelDeploymentSpec, ModelDeploymentSpec>? change = null)
    {
        var spec = new ModelDeploymentSpec { Model = new() { Id = $"org/{model}" }, Engine = new() { Type = EngineType.Vllm }, Provider = new() { Name = "vllm" } };
        return new ModelDeployment { Metadata = new ObjectMeta { Name = "a", Namespace = "default", Uid = "uid-a", Generation = 1 }, Spec = change?.Invoke(spec) ?? spec };
    }

    private static System.Text.Json.JsonElement Json(string text) => System.Text.Json.JsonDocument.Parse(text).RootElement.Clone();

    private static string Llama(int hidden, int layers, int heads, int kv, int width, int vocabulary, int length, string more = "") => FormattableString.Invariant(
        $$"""{"architectures":["LlamaForCausalLM"],"model_type":"llama","num_hidden_layers":{{layers}},"hidden_size":{{hidden}},"num_attention_heads":{{heads}},"num_key_value_heads":{{kv}},"head_dim":128,"vocab_size":{{vocabulary}},"intermediate_size":{{width}},"max_position_embeddings":{{length}},"torch_dtype":"bfloat16","tie_word_embeddings":false{{more}}}""");
}
