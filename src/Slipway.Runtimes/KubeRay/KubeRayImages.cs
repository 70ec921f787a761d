using System.Text.RegularExpressions;
using Slipway.Api.ModelDeployments;

namespace Slipway.Runtimes.KubeRay;

/// <summary>Ray's image with vLLM in it, and what KubeRay's operator wants to know of others.</summary>
internal static partial class KubeRayImages
{
    /// <summary>Ray 2.56.0 with vLLM 0.22.0, for NVIDIA GPUs.</summary>
    public const string RayLlm = "rayproject/ray-llm:2.56.0-py312-cu130";

    /// <summary>The image of head and workers, which must hold the same Ray.</summary>
    public static string For(ModelDeploymentSpec spec) => spec.Engine?.Image ?? spec.Image ?? RayLlm;

    /// <summary>Whether the manifest brings its own image.</summary>
    public static bool IsOwn(ModelDeploymentSpec spec) => (spec.Engine?.Image ?? spec.Image) is not null;

    /// <summary>The version of Ray in an image, by which the operator chooses the autoscaler's; null when its tag does not say.</summary>
    public static string? RayVersion(string image) => Tag().Match(image.Split('@')[0]) is { Success: true } tag ? tag.Groups["version"].Value : null;

    [GeneratedRegex(@":(?<version>\d+\.\d+\.\d+)[^/:]*$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Tag();
}
