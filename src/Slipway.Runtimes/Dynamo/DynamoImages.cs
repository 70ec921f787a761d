using System.Text.RegularExpressions;
using Slipway.Api.ModelDeployments;

namespace Slipway.Runtimes.Dynamo;

/// <summary>Dynamo's images, and what its operator wants to know of others.</summary>
internal static partial class DynamoImages
{
    /// <summary>The release that the renderer was written for: Dynamo 1.4.0 of 2026-08-14 (vLLM 0.26.0, SGLang 0.5.16, TensorRT-LLM 1.3.0rc22).</summary>
    public const string Version = "1.4.0";

    /// <summary>The image of an engine, which serves the frontend too.</summary>
    public static string For(ModelDeploymentSpec spec) => spec.Engine?.Image ?? spec.Image ?? spec.Engine?.Type switch
    {
        EngineType.SgLang => $"nvcr.io/nvidia/ai-dynamo/sglang-runtime:{Version}",
        EngineType.TrtLlm => $"nvcr.io/nvidia/ai-dynamo/tensorrtllm-runtime:{Version}",
        _ => $"nvcr.io/nvidia/ai-dynamo/vllm-runtime:{Version}",
    };

    /// <summary>
    /// `runtimeVersionOverride`: the operator's admission demands it when the main image's tag is no version, for it chooses flags and probes
    /// by that. Nothing when the tag says it.
    /// </summary>
    public static string? VersionOverride(string image) => Tag(image) is { } tag && Semver().IsMatch(tag) ? null : Version;

    // The colon of a registry's port is no tag's; a digest says no version.
    private static string? Tag(string image)
    {
        if (image.Contains('@', StringComparison.Ordinal)) return null;
        var name = image[(image.LastIndexOf('/') + 1)..];
        var colon = name.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? null : name[(colon + 1)..];
    }

    [GeneratedRegex(@"^v?(0|[1-9]\d{0,3})\.(0|[1-9]\d{0,3})\.(0|[1-9]\d{0,3})([-+][0-9A-Za-z.+-]+)?$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Semver();
}
