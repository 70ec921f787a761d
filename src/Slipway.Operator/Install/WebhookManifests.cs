using System.Text.Json.Nodes;
using Slipway.Kubernetes.Connection;
using Slipway.Kubernetes.Objects;

namespace Slipway.Operator.Install;

/// <summary>What the webhook needs in a cluster beside the operator.</summary>
internal static class WebhookManifests
{
    internal const string SecretName = "slipway-webhook", Path = "/validate";
    internal const int Port = 9443;

    /// <summary>The configuration's name.</summary>
    internal static NamespacedName Configuration { get; } = new("", "slipway");

    /// <summary>The kind of the configuration.</summary>
    internal static Resource<CachedObject> Configurations { get; } = new(
        "admissionregistration.k8s.io", "v1", "validatingwebhookconfigurations", "ValidatingWebhookConfiguration", false, KubeJson.Default.CachedObject, o => o.Identity);

    /// <summary>The Secret, empty: a right to make Secrets cannot be given for one name only.</summary>
    public static JsonObject Secret(InstallOptions options)
    {
        var secret = Manifests.Start(options, "v1", "Secret", SecretName);
        secret["type"] = "Opaque";
        return secret;
    }

    /// <summary>The configuration.</summary>
    /// <remarks>
    /// `Ignore`: the controllers hold everything to the same rules, so an operator that is down makes refusals come later and lets nothing through.
    /// With `Fail` it would keep everybody from changing a deployment for as long as it is down.
    /// </remarks>
    public static JsonObject Hook(InstallOptions options) => new()
    {
        ["apiVersion"] = "admissionregistration.k8s.io/v1",
        ["kind"] = "ValidatingWebhookConfiguration",
        ["metadata"] = new JsonObject { ["name"] = Configuration.Name, ["labels"] = Manifests.Labels() },
        ["webhooks"] = new JsonArray(new JsonObject
        {
            ["name"] = "admission.slipway.dev",
            ["clientConfig"] = new JsonObject
            {
                ["service"] = new JsonObject { ["namespace"] = options.Namespace, ["name"] = Manifests.Name, ["path"] = Path, ["port"] = 443 },
            },
            ["rules"] = new JsonArray(new JsonObject
            {
                ["apiGroups"] = new JsonArray("airunway.ai"),
                ["apiVersions"] = new JsonArray("v1alpha1"),
                ["operations"] = new JsonArray("CREATE", "UPDATE"),
                ["resources"] = new JsonArray("modeldeployments", "modeldeployments/scale", "inferenceproviderconfigs"),
                ["scope"] = "*",
            }),
            ["failurePolicy"] = "Ignore",
            ["matchPolicy"] = "Equivalent",
            ["sideEffects"] = "None",
            ["timeoutSeconds"] = 5,
            ["admissionReviewVersions"] = new JsonArray("v1"),
        }),
    };
}
