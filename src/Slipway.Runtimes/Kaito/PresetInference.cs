using System.Text.Json.Nodes;

namespace Slipway.Runtimes.Kaito;

/// <summary>Inference by one of KAITO's presets: its own vLLM image, its own pods, the model named by its id on the hub.</summary>
internal static class PresetInference
{
    /// <summary>`inference` of a Workspace.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="config">The ConfigMap with the flags.</param>
    public static JsonObject Render(KaitoPlan plan, string config)
    {
        var preset = new JsonObject { ["name"] = plan.Spec.Model.Id };
        if (plan.Spec.Secrets?.HuggingFaceToken is { } secret) preset["presetOptions"] = new JsonObject { ["modelAccessSecret"] = secret };
        var inference = new JsonObject { ["preset"] = preset, ["config"] = config };
        var adapters = plan.Spec.Model.Adapters?.Where(a => a.Image is not null).ToList() ?? [];
        if (adapters.Count > 0)
        {
            // The name is the one that requests give: KAITO's vLLM registers each folder under /mnt/adapter by its name.
            inference["adapters"] = new JsonArray([.. adapters.Select(a => new JsonObject
            {
                ["source"] = new JsonObject { ["name"] = a.Name, ["image"] = a.Image },
                ["strength"] = "1.0",
            })]);
        }

        return inference;
    }
}
