using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Slipway.Kubernetes.Connection;
using Slipway.Kubernetes.Objects;
using Slipway.Operator.Keeping;

namespace Slipway.Operator.Rollouts.Decisions;

/// <summary>The key of a cluster's operator, in a Secret of its namespace; its public part is in a ConfigMap beside it.</summary>
/// <param name="client">The API.</param>
/// <param name="ns">The operator's namespace.</param>
public sealed class DecisionSecret(KubeClient client, string ns) : IDecisionKey
{
    /// <summary>The name of the Secret, which the manifests make, and of the ConfigMap.</summary>
    public const string Name = "slipway-decisions";

    private const string Private = "decisions.pem", Public = "decisions.pem.pub", Manager = "slipway-decisions";

    private readonly NamespacedName _name = new(ns, Name);

    /// <summary>The public part, for whoever checks a record.</summary>
    /// <param name="client">The API.</param>
    /// <param name="ns">The operator's namespace.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>PEM, null when there is none yet; and why it could not be read, null when it was.</returns>
    public static Task<(string? Text, string? Fault)> PublicAsync(KubeClient client, string ns, CancellationToken cancellationToken) =>
        new ConfigMapText(client, new NamespacedName(ns, Name), Public).ReadAsync(cancellationToken);

    /// <inheritdoc/>
    public async Task<ECDsa> OpenAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var secret = await client.GetAsync(Kinds.Secrets, _name, cancellationToken)
                ?? throw new IOException($"the Secret {_name} for the key that signs decisions is not there: `slipway install` makes it");
            if (secret.Data?.GetValueOrDefault(Private) is not { Length: > 0 } kept)
            {
                await MakeAsync(secret.Metadata.ResourceVersion, cancellationToken);
                continue;
            }

            var key = ECDsa.Create();
            try
            {
                key.ImportFromPem(Encoding.UTF8.GetString(Convert.FromBase64String(kept)));
            }
            catch (Exception wrong) when (wrong is ArgumentException or FormatException or CryptographicException)
            {
                key.Dispose();
                throw new CryptographicException($"the Secret {_name} holds no private key in {Private}", wrong);
            }

            // Told anew each time: whoever lost it finds it again with the next decision.
            if (await new ConfigMapText(client, _name, Public).WriteAsync(key.ExportSubjectPublicKeyInfoPem() + "\n", cancellationToken) is { } fault)
            {
                key.Dispose();
                throw new IOException(fault);
            }

            return key;
        }
    }

    private async Task MakeAsync(string? version, CancellationToken cancellationToken)
    {
        using var made = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var data = new JsonObject { [Private] = Convert.ToBase64String(Encoding.UTF8.GetBytes(made.ExportPkcs8PrivateKeyPem() + "\n")) };
        try
        {
            await client.MergePatchAsync(Kinds.Secrets, _name, new JsonObject { ["metadata"] = new JsonObject { ["resourceVersion"] = version }, ["data"] = data }, Manager, cancellationToken);
        }
        catch (KubeApiException conflict) when (conflict.Code is HttpStatusCode.Conflict)
        {
            // Another process was faster: its key is the one.
        }
    }
}
