using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Slipway.Api;
using Slipway.Api.ModelDeployments;

namespace Slipway.Web.Manifests;

/// <summary>What a manifest's text says, or what is wrong with it.</summary>
/// <param name="Deployment">The deployment; null when the text cannot be read.</param>
/// <param name="Errors">What is wrong; empty when it may be sent.</param>
public sealed record ManifestReading(ModelDeployment? Deployment, IReadOnlyList<string> Errors);

/// <summary>Manifests of deployments as people write them.</summary>
public static class Manifest
{
    private const int MaxLength = 256 * 1024;

    // A field that is not known is an error here: dropped in silence, the manifest would mean less than it says.
    private static readonly JsonSerializerOptions s_strict = new(SlipwayJson.Default.Options)
    {
        TypeInfoResolver = SlipwayJson.Default,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    /// <summary>Writes what somebody would declare to get the deployment: without the state, and without what the server adds.</summary>
    /// <param name="deployment">The deployment.</param>
    public static string Write(ModelDeployment deployment)
    {
        ArgumentNullException.ThrowIfNull(deployment);
        var meta = deployment.Metadata;
        var declared = deployment with
        {
            Status = null,
            Metadata = new() { Name = meta.Name, Namespace = meta.Namespace, Labels = meta.Labels, Annotations = Own(meta.Annotations) },
        };
        return YamlText.Write(JsonSerializer.SerializeToNode(declared, SlipwayJson.Default.ModelDeployment)!) + "\n";
    }

    /// <summary>Reads a manifest, and looks it over by the rules of the API.</summary>
    /// <param name="text">The YAML, or JSON.</param>
    public static ManifestReading Read(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length > MaxLength) return new(null, [$"The manifest is longer than {MaxLength / 1024} KiB."]);
        try
        {
            if (YamlText.Read(text) is not JsonObject map) return new(null, ["The manifest is empty: it begins with apiVersion, kind, metadata and spec."]);
            if ((map["apiVersion"] as JsonValue)?.ToString() != ModelDeployment.GroupVersion) return new(null, [$"apiVersion has to be {ModelDeployment.GroupVersion}."]);
            if ((map["kind"] as JsonValue)?.ToString() != "ModelDeployment") return new(null, ["kind has to be ModelDeployment."]);
            var read = (ModelDeployment)map.Deserialize(s_strict.GetTypeInfo(typeof(ModelDeployment)))!;
            if (read.Spec is null) return new(null, ["spec is missing: it says which model is wanted."]);
            return new(read, Check(read));
        }
        catch (FormatException wrong)
        {
            return new(null, [wrong.Message]);
        }
        catch (JsonException wrong)
        {
            return new(null, [Words(wrong)]);
        }
    }

    /// <summary>What is wrong with a deployment that somebody is about to send.</summary>
    /// <param name="deployment">The deployment.</param>
    public static IReadOnlyList<string> Check(ModelDeployment deployment)
    {
        ArgumentNullException.ThrowIfNull(deployment);
        var errors = ModelDeploymentValidator.Validate(deployment).Select(static e => e.ToString()).ToList();
        if (DeploymentNames.Fault(deployment.Metadata.Name) is { } fault) errors.Insert(0, $"metadata.name: {fault}");
        return errors;
    }

    // System.Text.Json says it well for fields that are not known; of the rest only the place is worth showing.
    private static string Words(JsonException wrong) =>
        wrong.Message.Contains("could not be mapped", StringComparison.Ordinal) && wrong.Message.Split('\'') is [_, var field, ..]
            ? $"{Place(wrong)}: the API has no field {field} here. Check its spelling."
            : wrong.Message.Contains("missing required", StringComparison.Ordinal) ? $"{Place(wrong)}: something that is required is missing. {wrong.Message.Split(". Path")[0]}"
            : $"{Place(wrong)}: this value is of the wrong kind.";

    private static string Place(JsonException wrong) => wrong.Path is { Length: > 2 } path ? path[2..] : "The manifest";

    // kubectl's copy of what was applied, and Slipway's own notes, are not what anybody declares.
    private static SortedDictionary<string, string>? Own(IReadOnlyDictionary<string, string>? annotations)
    {
        var own = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in annotations ?? new Dictionary<string, string>(StringComparer.Ordinal))
            if (!key.StartsWith("kubectl.kubernetes.io/", StringComparison.Ordinal) && !key.StartsWith("slipway.dev/", StringComparison.Ordinal)) own[key] = value;
        return own.Count > 0 ? own : null;
    }
}
