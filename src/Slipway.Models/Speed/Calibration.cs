using Slipway.Models.Hardware;
using Slipway.Models.Memory;
using Slipway.Models.Profiles;

namespace Slipway.Models.Speed;

/// <summary>Where the measured rows lie, and so where the constants have been held against something.</summary>
internal static class Calibration
{
    private static readonly string[] s_architectures = ["Ampere", "Hopper", "Blackwell", "Blackwell Ultra"];

    /// <summary>What of an estimate no measured row is like; empty when all of it was calibrated.</summary>
    public static IReadOnlyList<string> Outside(ModelProfile profile, Accelerator accelerator, Layout layout, Traffic traffic, ServingEngine engine)
    {
        var reasons = new List<string>();
        if (engine == ServingEngine.LlamaCpp) reasons.Add("no run of llama.cpp was calibrated");
        if (accelerator.Vendor != "nvidia" || !s_architectures.Contains(accelerator.Architecture, StringComparer.OrdinalIgnoreCase))
            reasons.Add($"no run on {accelerator.Name} or its like was calibrated");
        if (layout.Pipeline > 1) reasons.Add("no run over several pipeline stages was calibrated");
        if (layout.Tensor > 16) reasons.Add("no run over more than 16 devices was calibrated");
        reasons.AddRange(Outside(traffic));
        if (profile.Parameters.Total.High < 3_000_000_000) reasons.Add("no model below 3 billion weights was calibrated");
        return reasons;
    }

    /// <summary>What of a load no measured row is like.</summary>
    public static IReadOnlyList<string> Outside(Traffic traffic)
    {
        var reasons = new List<string>();
        if (traffic.PromptTokens > 32_000 || traffic.OutputTokens > 8_192) reasons.Add("no run with prompts above 32,000 or answers above 8,192 tokens was calibrated");
        if (traffic.Concurrency > 1_024) reasons.Add("no run with more than 1,024 requests at once was calibrated");
        return reasons;
    }
}
