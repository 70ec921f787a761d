using System.Text.Json.Serialization;
using Slipway.Api.Schemas;

namespace Slipway.Api.ModelDeployments;

/// <summary>The inference engine and its settings.</summary>
public sealed record EngineSpec
{
    /// <summary>Which engine; chosen from what the runtimes offer when absent.</summary>
    public EngineType? Type { get; init; }

    /// <summary>The engine's container image, instead of the runtime's own choice.</summary>
    public string? Image { get; init; }

    /// <summary>The longest prompt and answer together, in tokens.</summary>
    public int? ContextLength { get; init; }

    /// <summary>Whether code that comes with the model may run. For vLLM and SGLang.</summary>
    [SchemaDefault(false)]
    public bool? TrustRemoteCode { get; init; }

    /// <summary>Whether the work on a shared beginning of prompts is kept. For vLLM and SGLang.</summary>
    [SchemaDefault(true)]
    public bool? EnablePrefixCaching { get; init; }

    /// <summary>Whether CUDA graphs are left out. For vLLM and SGLang.</summary>
    [SchemaDefault(false)]
    public bool? EnforceEager { get; init; }

    /// <summary>Flags of the engine by name, without dashes; an empty value is a flag alone.</summary>
    public IReadOnlyDictionary<string, string>? Args { get; init; }

    /// <summary>Further flags, passed as they are.</summary>
    public IReadOnlyList<string>? ExtraArgs { get; init; }
}

/// <summary>An inference engine.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<EngineType>))]
public enum EngineType
{
    /// <summary>vLLM.</summary>
    [JsonStringEnumMemberName("vllm")]
    Vllm,

    /// <summary>SGLang.</summary>
    [JsonStringEnumMemberName("sglang")]
    SgLang,

    /// <summary>NVIDIA TensorRT-LLM.</summary>
    [JsonStringEnumMemberName("trtllm")]
    TrtLlm,

    /// <summary>llama.cpp.</summary>
    [JsonStringEnumMemberName("llamacpp")]
    LlamaCpp,
}

/// <summary>How engines are written.</summary>
public static class EngineTypes
{
    /// <summary>The engine's name as manifests write it.</summary>
    /// <param name="engine">The engine.</param>
    /// <returns>Such as `llamacpp`.</returns>
    public static string Name(this EngineType engine) => engine switch
    {
        EngineType.Vllm => "vllm",
        EngineType.SgLang => "sglang",
        EngineType.TrtLlm => "trtllm",
        EngineType.LlamaCpp => "llamacpp",
        _ => throw new ArgumentOutOfRangeException(nameof(engine), engine, "Not an engine."),
    };
}
