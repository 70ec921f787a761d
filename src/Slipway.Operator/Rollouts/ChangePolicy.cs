using System.Text;
using System.Text.Json.Nodes;
using Slipway.Api;
using Slipway.Kubernetes.Connection;

namespace Slipway.Operator.Rollouts;

/// <summary>Keeps whoever is to change a model by rollouts from changing it otherwise: a ValidatingAdmissionPolicy, so that the API itself refuses, whoever asks and by whatever way.</summary>
public static class ChangePolicy
{
    /// <summary>The annotation of a ModelDeployment, or of its namespace, that demands it.</summary>
    public const string Annotation = "slipway.dev/changes";

    /// <summary>Its value.</summary>
    public const string ByRollout = "rollout";

    private const string Name = "slipway-changes-by-rollout";

    // How many replicas there are and by which name they are reached does not decide how they answer, as CandidateMaker has it.
    private static readonly string[] s_free = ["scaling", "gateway"];

    /// <summary>Puts it into an API, or brings it up to date.</summary>
    /// <param name="client">The API.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public static async Task InstallAsync(KubeClient client, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(client);
        foreach (var (plural, value) in ((string[])["validatingadmissionpolicies", "validatingadmissionpolicybindings"]).Zip(Objects()))
            await client.ApplyRawAsync($"apis/admissionregistration.k8s.io/v1/{plural}/{Name}", Encoding.UTF8.GetBytes(value.ToJsonString()), "slipway", cancellationToken);
    }

    /// <summary>It, and what puts it into force.</summary>
    internal static JsonObject[] Objects() => [Policy(), Binding()];

    private static JsonObject Policy()
    {
        var fields = SlipwayJson.Default.ModelDeploymentSpec.Properties.Select(static p => p.Name).Except(s_free).Order(StringComparer.Ordinal);
        static string Said(string of) => $"{of}.metadata.?annotations[?'{Annotation}'].orValue('')";
        return new JsonObject
        {
            ["apiVersion"] = "admissionregistration.k8s.io/v1",
            ["kind"] = "ValidatingAdmissionPolicy",
            ["metadata"] = new JsonObject { ["name"] = Name },
            ["spec"] = new JsonObject
            {
                ["failurePolicy"] = "Fail",
                ["matchConstraints"] = new JsonObject
                {
                    ["resourceRules"] = new JsonArray(new JsonObject
                    {
                        ["apiGroups"] = new JsonArray("airunway.ai"),
                        ["apiVersions"] = new JsonArray("*"),
                        ["operations"] = new JsonArray("UPDATE"),
                        ["resources"] = new JsonArray("modeldeployments"),
                    }),
                },
                // As it was before: to take the annotation off and change the model is two things, each of which somebody can be kept from.
                ["matchConditions"] = new JsonArray(new JsonObject { ["name"] = "demanded", ["expression"] = $"{Said("oldObject")} == '{ByRollout}' || {Said("namespaceObject")} == '{ByRollout}'" }),
                ["validations"] = new JsonArray(new JsonObject
                {
                    ["expression"] = string.Join(" && ", fields.Select(static f => $"object.spec.?{f} == oldObject.spec.?{f}")),
                    ["messageExpression"] = $"object.metadata.name + \" is changed by rollouts only ({Annotation}: {ByRollout} of it or of its namespace): slipway rollout start \" + object.metadata.name + \" --patch ... --suite ...\"",
                    ["reason"] = "Forbidden",
                }),
            },
        };
    }

    private static JsonObject Binding() => new()
    {
        ["apiVersion"] = "admissionregistration.k8s.io/v1",
        ["kind"] = "ValidatingAdmissionPolicyBinding",
        ["metadata"] = new JsonObject { ["name"] = Name },
        ["spec"] = new JsonObject { ["policyName"] = Name, ["validationActions"] = new JsonArray("Deny") },
    };
}
