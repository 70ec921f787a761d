using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Api.ModelDeployments;

namespace Slipway.Operator.Sizing;

/// <summary>The decision as the deployment carries it, written before anything is made by it: a restart or a hub that is down changes nothing that runs.</summary>
/// <remarks>An annotation, since the shared API's status has no field for it and would lose one of ours where its own definition is installed.</remarks>
internal static class SizingRecord
{
    /// <summary>The annotation.</summary>
    public const string Annotation = "slipway.dev/sized";

    /// <summary>Writes a decision down.</summary>
    public static string Write(ModelSizing sizing) => new JsonObject
    {
        ["gpus"] = sizing.Gpus,
        ["verdict"] = sizing.Verdict.ToString(),
        ["message"] = sizing.Message,
        ["basis"] = sizing.Basis,
    }.ToJsonString();

    /// <summary>Reads the decision that a deployment carries.</summary>
    /// <returns>The decision; none when there is none, or what is there makes no sense.</returns>
    public static ModelSizing? Read(ModelDeployment deployment)
    {
        if (deployment.Metadata.Annotations?.TryGetValue(Annotation, out var text) != true) return null;
        try
        {
            return JsonNode.Parse(text!) is JsonObject value && value["gpus"] is JsonValue gpus && gpus.TryGetValue(out int count) && count > 0
                && Enum.TryParse<SizingVerdict>(value["verdict"]?.GetValue<string>(), out var verdict) && verdict is SizingVerdict.Sized or SizingVerdict.Assumed
                ? new ModelSizing(verdict, count, value["message"]?.GetValue<string>() ?? "", value["basis"]?.GetValue<string>() ?? "")
                : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null; // anybody may write an annotation
        }
    }
}
