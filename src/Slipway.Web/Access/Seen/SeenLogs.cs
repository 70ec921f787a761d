using System.Runtime.CompilerServices;
using Slipway.Api.ModelDeployments;
using Slipway.Web.Deployments.Logs;

namespace Slipway.Web.Access.Seen;

/// <summary>What engines write, for those who may read the logs of pods where the deployment is; until they may not any more.</summary>
/// <param name="all">The logs.</param>
/// <param name="rights">What the person may do.</param>
/// <param name="over">Cancelled when their session is over.</param>
internal sealed class SeenLogs(IEngineLogs all, IRights rights, CancellationToken over) : IEngineLogs
{
    public async IAsyncEnumerable<IReadOnlyList<LogLine>> FollowAsync(ModelDeployment deployment, int lines, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var space = deployment.Metadata.Namespace ?? "default";
        await rights.LookAsync(space, cancellationToken, anew: true);
        Demand(space);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, over);
        await foreach (var batch in all.FollowAsync(deployment, lines, either.Token))
        {
            Demand(space);
            yield return batch;
        }
    }

    private void Demand(string space)
    {
        if ((rights.Missing(Right.SeeDeployments, space) ?? rights.Missing(Right.ReadLogs, space)) is { } missing) throw new UnauthorizedAccessException(missing);
    }
}
