using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Slipway.Api;
using Slipway.Api.ModelDeployments;
using Slipway.Api.Providers;

namespace Slipway.Operator.Admission;

/// <summary>Answers an AdmissionReview of `admission.k8s.io/v1`. Pure; nothing that is written in a review makes it throw anything but <see cref="FormatException"/>.</summary>
/// <param name="rules">The rules.</param>
public sealed class AdmissionHandler(AdmissionRules rules)
{
    private static readonly JsonSerializerOptions s_json = new(SlipwayJson.Default.Options) { RespectNullableAnnotations = true };

    private const string Version = "admission.k8s.io/v1", Kind = "AdmissionReview";

    /// <summary>Answers.</summary>
    /// <param name="review">The review, as the API server sends it.</param>
    /// <returns>The review with the answer.</returns>
    /// <exception cref="FormatException">It is no AdmissionReview of version v1.</exception>
    public JsonObject Answer(ReadOnlyMemory<byte> review)
    {
        try
        {
            using var json = JsonDocument.Parse(review);
            var root = json.RootElement;
            if (root.GetProperty("kind").GetString() != Kind || root.GetProperty("apiVersion").GetString() != Version)
                throw new FormatException($"The request is no {Kind} of {Version}.");
            var request = root.GetProperty("request");
            var response = new JsonObject { ["uid"] = request.GetProperty("uid").GetString() };
            Say(response, Review(request));
            return new JsonObject { ["apiVersion"] = Version, ["kind"] = Kind, ["response"] = response };
        }
        catch (Exception wrong) when (wrong is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new FormatException($"The request is no {Kind} of {Version}: {wrong.Message}", wrong);
        }
    }

    private AdmissionVerdict Review(JsonElement request)
    {
        var value = request.GetProperty("object");
        // A delete has none.
        if (value.ValueKind is JsonValueKind.Null) return AdmissionVerdict.Fine;
        try
        {
            return request.GetProperty("kind").GetProperty("kind").GetString() switch
            {
                "ModelDeployment" => rules.Review(
                    Read<ModelDeployment>(value), request.TryGetProperty("oldObject", out var old) && old.ValueKind is JsonValueKind.Object ? Read<ModelDeployment>(old) : null),
                "InferenceProviderConfig" => AdmissionRules.Review(Read<InferenceProviderConfig>(value)),
                // `kubectl scale` and autoscalers write this one.
                "Scale" => rules.ReviewScale(value.GetProperty("spec").TryGetProperty("replicas", out var replicas) ? replicas.GetInt32() : 0),
                _ => AdmissionVerdict.Fine,
            };
        }
        catch (JsonException wrong)
        {
            return new([$"{wrong.Path}: cannot be read: {wrong.Message}"], []);
        }
    }

    // API servers hold objects to the schema before they ask; that nothing is null where it may not be is not taken for granted all the same.
    private static T Read<T>(JsonElement value)
    {
        if (HasNullItem(value)) throw new JsonException("a list holds null");
        if (!value.TryGetProperty("metadata", out _)) throw new JsonException("metadata is missing");
        return value.Deserialize((JsonTypeInfo<T>)s_json.GetTypeInfo(typeof(T)))!;
    }

    private static bool HasNullItem(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Array => value.EnumerateArray().Any(i => i.ValueKind is JsonValueKind.Null || HasNullItem(i)),
        JsonValueKind.Object => value.EnumerateObject().Any(p => HasNullItem(p.Value)),
        _ => false,
    };

    private static void Say(JsonObject response, AdmissionVerdict verdict)
    {
        response["allowed"] = verdict.Errors.Count == 0;
        if (verdict.Errors.Count > 0)
            response["status"] = new JsonObject { ["status"] = "Failure", ["code"] = 422, ["reason"] = "Invalid", ["message"] = string.Join("; ", verdict.Errors) };
        if (verdict.Warnings.Count > 0) response["warnings"] = new JsonArray([.. verdict.Warnings.Select(w => (JsonNode)w)]);
    }
}
