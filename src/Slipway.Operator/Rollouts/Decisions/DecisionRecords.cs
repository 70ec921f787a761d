using System.Globalization;
using System.Net;
using System.Text;
using Slipway.Api.Meta;
using Slipway.Api.Rollouts;
using Slipway.Kubernetes.Connection;
using Slipway.Kubernetes.Objects;

namespace Slipway.Operator.Rollouts.Decisions;

/// <summary>Keeps a signed record of each decision about a rollout, as an object beside it that outlives it.</summary>
/// <param name="client">The API.</param>
/// <param name="key">The key.</param>
public sealed class DecisionRecords(KubeClient client, IDecisionKey key)
{
    /// <summary>The records of a rollout, the newest first; those of another one that had its name among them.</summary>
    /// <param name="client">The API.</param>
    /// <param name="rollout">The rollout.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="KubeApiException">They may not be read.</exception>
    public static async Task<IReadOnlyList<RolloutRecord>> OfAsync(KubeClient client, NamespacedName rollout, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(client);
        var all = await client.ListAsync(Kinds.RolloutRecords, rollout.Namespace, cancellationToken);
        return [.. all.Where(r => r.Spec.RolloutRef.Name == rollout.Name).OrderByDescending(static r => r.Spec.Decided)];
    }

    /// <summary>Makes the record of a rollout that was decided, unless it is there.</summary>
    /// <param name="rollout">The rollout, with the status as it was written.</param>
    /// <param name="evidence">The digest of each gate's file of graded pairs, by gate.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="KubeApiException">It cannot be made.</exception>
    /// <exception cref="IOException">The key cannot be read or written.</exception>
    public async Task KeepAsync(ModelRollout rollout, IReadOnlyDictionary<string, string> evidence, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(rollout);
        var (ns, name, decided) = (rollout.Metadata.Namespace ?? "", rollout.Metadata.Name ?? "", rollout.Status!.DecisionTime!.Value);
        var record = new NamespacedName(ns, $"{name}.{decided.ToUniversalTime().ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture)}");
        if (await client.GetAsync(Kinds.RolloutRecords, record, cancellationToken) is not null) return;
        using var signer = await key.OpenAsync(cancellationToken);
        var statement = DecisionRecord.Of(rollout, evidence);
        var made = new RolloutRecord
        {
            Metadata = new ObjectMeta { Name = record.Name, Namespace = ns },
            Spec = new RolloutRecordSpec
            {
                RolloutRef = new RolloutReference { Name = name, Uid = rollout.Metadata.Uid },
                Deployment = rollout.Spec.DeploymentRef.Name,
                Result = (string?)statement["predicate"]!["result"],
                Decided = decided,
                Why = (string?)statement["predicate"]!["slipway.dev/rollout"]!["why"],
                Envelope = Dsse.Sign(Encoding.UTF8.GetBytes(statement.ToJsonString()), signer).ToJsonString(),
            },
        };
        try
        {
            await client.CreateAsync(Kinds.RolloutRecords, made, cancellationToken);
        }
        catch (KubeApiException there) when (there is { Code: HttpStatusCode.Conflict, Reason: "AlreadyExists" })
        {
            // Whoever worked before had just made it.
        }
    }
}
