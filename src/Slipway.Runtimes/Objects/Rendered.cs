using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Slipway.Api.ModelDeployments;

namespace Slipway.Runtimes.Objects;

/// <summary>The start of a rendered object.</summary>
public static class Rendered
{
    /// <summary>
    /// Stands for what a runtime cannot change in place, such as KAITO's model: an object whose value differs is deleted and made anew.
    /// </summary>
    public const string IdentityAnnotation = "slipway.dev/identity";

    /// <summary>Starts an object: apiVersion, kind, name, namespace, and the labels by which it is found again.</summary>
    /// <param name="deployment">The deployment.</param>
    /// <param name="apiVersion">Such as `apps/v1`.</param>
    /// <param name="kind">Such as `Deployment`.</param>
    /// <param name="suffix">Added to the deployment's name, such as `-prefill`; nothing for the main object.</param>
    /// <returns>The object, without a spec.</returns>
    public static JsonObject Start(ModelDeployment deployment, string apiVersion, string kind, string suffix = "")
    {
        ArgumentNullException.ThrowIfNull(deployment);
        return new JsonObject
        {
            ["apiVersion"] = apiVersion,
            ["kind"] = kind,
            ["metadata"] = new JsonObject
            {
                ["name"] = deployment.Metadata.Name + suffix,
                ["namespace"] = deployment.Metadata.Namespace,
                ["labels"] = Labels(deployment),
            },
        };
    }

    /// <summary>The labels of all that is rendered for a deployment; its own `podTemplate` labels are added to pods only.</summary>
    /// <param name="deployment">The deployment.</param>
    /// <returns>A new object.</returns>
    public static JsonObject Labels(ModelDeployment deployment)
    {
        ArgumentNullException.ThrowIfNull(deployment);
        return new JsonObject
        {
            ["airunway.ai/managed-by"] = "slipway",
            [RuntimeDescriptor.DeploymentLabel] = deployment.Metadata.Name,
        };
    }

    /// <summary>Marks what cannot be changed in place.</summary>
    /// <param name="rendered">The object.</param>
    /// <param name="identity">The values that cannot change, in a fixed order.</param>
    public static void Identify(JsonObject rendered, params IEnumerable<string?> identity)
    {
        ArgumentNullException.ThrowIfNull(rendered);
        Annotate(rendered, IdentityAnnotation, Digest(string.Join('\n', identity)));
    }

    /// <summary>Adds an annotation.</summary>
    /// <param name="rendered">The object.</param>
    /// <param name="key">The annotation's key.</param>
    /// <param name="value">Its value.</param>
    public static void Annotate(JsonObject rendered, string key, string value)
    {
        ArgumentNullException.ThrowIfNull(rendered);
        var metadata = rendered["metadata"]!.AsObject();
        if (metadata["annotations"] is not JsonObject annotations) metadata["annotations"] = annotations = new JsonObject();
        annotations[key] = value;
    }

    /// <summary>A short digest of a text, for annotations: the first 16 hexadecimal digits of its SHA-256.</summary>
    /// <param name="text">The text.</param>
    /// <returns>The digest.</returns>
    public static string Digest(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..16];
}
