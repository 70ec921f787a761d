using Slipway.Api.ModelDeployments;

namespace Slipway.Web.Access.Seen;

/// <summary>Everything that a request or a circuit shows, seen through the rights of its person, and ended with it.</summary>
internal sealed class SeenSources : IDisposable
{
    private readonly PageSources _all;
    private readonly Desk _desk;

    /// <exception cref="UnauthorizedAccessException">Nobody is signed in.</exception>
    public SeenSources(Visitor visitor, AccessOptions access)
    {
        _desk = visitor.Desk;
        _all = access.Open(_desk);
        Seen = new PageSources(
            new SeenDeployments(_all.Deployments, _desk.Rights), new SeenLogs(_all.Logs, _desk.Rights, visitor.Over), new SeenTraffic(_all.Traffic, _desk.Rights),
            new SeenRollouts(_all.Rollouts, _desk.Rights), new SeenSchedules(_all.Schedules, _desk.Rights), new SeenKeys(_all.Keys, _desk.Rights), new SeenHubAccount(), _all.Shelf, new SeenAnswers(_all.Answers, _desk.Rights));
    }

    /// <summary>What they see.</summary>
    public PageSources Seen { get; }

    /// <summary>Whether they may ask a model: whether they may see the deployment that answers to the name, which may be another's than the one they know by it.</summary>
    /// <param name="model">The name in requests.</param>
    public bool MayAsk(string model) => MayAsk(_all.Deployments.All, _desk.Rights, model);

    internal static bool MayAsk(IEnumerable<ModelDeployment> all, IRights rights, string model) =>
        ModelNames.Owner(all, model) is { } owner && rights.May(Right.SeeDeployments, owner.Metadata.Namespace ?? "default");

    public void Dispose()
    {
        foreach (var part in new object[] { Seen.Deployments, Seen.Rollouts, Seen.Schedules, Seen.Keys, _all.Deployments, _all.Rollouts, _all.Schedules, _all.Keys }) (part as IDisposable)?.Dispose();
    }
}
