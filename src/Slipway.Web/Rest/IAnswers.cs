using Slipway.Api.ModelDeployments;
using Slipway.Capacity.Answers;
using Slipway.Capacity.Answers.Models;
using Slipway.Models.Hub;
using Slipway.Models.Hub.Search;

namespace Slipway.Web.Rest;

/// <summary>Where the REST API has its answers from: the same that the command line prints. Where a right is missing in the cluster they throw <see cref="UnauthorizedAccessException"/>, which says which.</summary>
public interface IAnswers
{
    /// <summary>What there is to run models on.</summary>
    Task<CapacityAnswer> CapacityAsync(CancellationToken cancellationToken);

    /// <summary>Whether a namespace has room for what is about to be declared there.</summary>
    /// <param name="draft">What is about to be declared.</param>
    /// <param name="runtime">The runtime that would serve it; null while none would.</param>
    /// <param name="engine">The engine that it would serve it with; null while none would.</param>
    /// <param name="cancellationToken">Stops it.</param>
    Task<RoomAnswer> RoomAsync(ModelDeployment draft, string? runtime, EngineType? engine, CancellationToken cancellationToken);

    /// <summary>What the models that run cost.</summary>
    /// <param name="by">What the rows are.</param>
    /// <param name="space">The namespace; null for all.</param>
    /// <param name="cancellationToken">Stops it.</param>
    Task<CostsAnswer> CostsAsync(CostGrouping by, string? space, CancellationToken cancellationToken);

    /// <summary>What was spent.</summary>
    /// <param name="length">The length of a period.</param>
    /// <param name="space">The namespace; null for all.</param>
    /// <param name="last">How many periods, the newest.</param>
    /// <param name="cancellationToken">Stops it.</param>
    Task<CostHistoryAnswer> CostHistoryAsync(CostPeriodLength length, string? space, int last, CancellationToken cancellationToken);

    /// <summary>Where prices come from.</summary>
    Task<PricesAnswer> PricesAsync(CancellationToken cancellationToken);

    /// <summary>Models of the hub, or of the catalogue that comes with Slipway.</summary>
    Task<HubAnswer<SearchAnswer>> SearchAsync(SearchQuery query, CancellationToken cancellationToken);

    /// <summary>What a model is, and where it fits.</summary>
    Task<HubAnswer<ModelAnswer>> ModelAsync(ModelQuestion question, CancellationToken cancellationToken);

    /// <summary>The cheapest machines that run a model as fast as was asked.</summary>
    Task<HubAnswer<PlansAnswer>> PlansAsync(PlanQuestion question, CancellationToken cancellationToken);
}
