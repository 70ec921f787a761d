using Slipway.Api.ModelDeployments;
using Slipway.Capacity.Answers;
using Slipway.Capacity.Answers.Models;
using Slipway.Models.Hub;
using Slipway.Models.Hub.Search;
using Slipway.Web.Rest;

namespace Slipway.Web.Access.Seen;

/// <summary>Capacity and costs, which are of the whole cluster, for those who may list its nodes and pods. What models of the hub are and what machines cost is no secret of the cluster.</summary>
/// <param name="all">The answers, read with the person's own connection where they are read from the cluster.</param>
/// <param name="rights">What they may do.</param>
internal sealed class SeenAnswers(IAnswers all, IRights rights) : IAnswers
{
    public async Task<CapacityAnswer> CapacityAsync(CancellationToken cancellationToken)
    {
        Demand();
        return await all.CapacityAsync(cancellationToken);
    }

    // For those who may deploy there; what they may read of quotas and queues is for the API to say.
    public Task<RoomAnswer> RoomAsync(ModelDeployment draft, string? runtime, EngineType? engine, CancellationToken cancellationToken) =>
        rights.May(Right.Deploy, draft.Metadata.Namespace is { Length: > 0 } space ? space : "default") ? all.RoomAsync(draft, runtime, engine, cancellationToken) : Task.FromResult(RoomAnswer.None);

    public async Task<CostsAnswer> CostsAsync(CostGrouping by, string? space, CancellationToken cancellationToken)
    {
        Demand();
        return await all.CostsAsync(by, space, cancellationToken);
    }

    public async Task<CostHistoryAnswer> CostHistoryAsync(CostPeriodLength length, string? space, int last, CancellationToken cancellationToken)
    {
        Demand();
        return await all.CostHistoryAsync(length, space, last, cancellationToken);
    }

    public Task<PricesAnswer> PricesAsync(CancellationToken cancellationToken) => all.PricesAsync(cancellationToken);

    public Task<HubAnswer<SearchAnswer>> SearchAsync(SearchQuery query, CancellationToken cancellationToken) => all.SearchAsync(query, cancellationToken);

    public Task<HubAnswer<ModelAnswer>> ModelAsync(ModelQuestion question, CancellationToken cancellationToken) => all.ModelAsync(question, cancellationToken);

    public Task<HubAnswer<PlansAnswer>> PlansAsync(PlanQuestion question, CancellationToken cancellationToken) => all.PlansAsync(question, cancellationToken);

    private void Demand()
    {
        if ((rights.Missing(Right.SeeNodes, null) ?? rights.Missing(Right.SeePods, null)) is { } missing) throw new UnauthorizedAccessException(missing);
    }
}
