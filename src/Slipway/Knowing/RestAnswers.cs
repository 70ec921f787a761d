using Slipway.Api.ModelDeployments;
using Slipway.Capacity.Answers;
using Slipway.Capacity.Answers.Models;
using Slipway.Commands;
using Slipway.Kubernetes.Connection;
using Slipway.Models.Hub;
using Slipway.Models.Hub.Search;
using Slipway.Models.Profiles;
using Slipway.Models.Speed.Learning;
using Slipway.Models.Store;
using Slipway.Operator.Keeping;
using Slipway.Up;
using Slipway.Web.Rest;

namespace Slipway.Knowing;

/// <summary>Answers of a running Slipway. Prices are read from disk, so that what another process fetched counts too.</summary>
/// <param name="client">The cluster, as whoever asks.</param>
/// <param name="data">What this machine keeps.</param>
/// <param name="time">The clock.</param>
/// <param name="hub">Reads models; the caller's own.</param>
/// <param name="operators">The namespace of a cluster's operator, which keeps what was spent; null where this machine does.</param>
internal sealed class RestAnswers(KubeClient client, DataDirectory data, TimeProvider time, HubReader hub, string? operators = null) : IAnswers
{
    private readonly Answers _answers = new(client, time);

    public async Task<CapacityAnswer> CapacityAsync(CancellationToken cancellationToken) =>
        await HereAsync(async () => await _answers.CapacityAsync(await KnownPrices.ReadAsync(data.PriceStore, null), operators is not null, cancellationToken));

    public Task<RoomAnswer> RoomAsync(ModelDeployment draft, string? runtime, EngineType? engine, CancellationToken cancellationToken) => _answers.RoomAsync(draft, runtime, engine, cancellationToken);

    public async Task<CostsAnswer> CostsAsync(CostGrouping by, string? space, CancellationToken cancellationToken) =>
        await HereAsync(async () => await _answers.CostsAsync(await KnownPrices.ReadAsync(data.PriceStore, null), by, space, null, cancellationToken));

    public Task<CostHistoryAnswer> CostHistoryAsync(CostPeriodLength length, string? space, int last, CancellationToken cancellationToken) =>
        OfHistoryAsync(length, space, last, cancellationToken);

    public async Task<PricesAnswer> PricesAsync(CancellationToken cancellationToken) =>
        PricesAnswer.Of(await KnownPrices.ReadAsync(data.PriceStore, null), data.RefreshReports.Read(), time.GetUtcNow());

    public async Task<HubAnswer<SearchAnswer>> SearchAsync(SearchQuery query, CancellationToken cancellationToken) => await hub.Search.SearchAsync(query, cancellationToken) switch
    {
        SearchResult.Page page => new(SearchAnswer.Of(page), null),
        var failed => new(null, ((SearchResult.Failed)failed).Error),
    };

    public Task<HubAnswer<ModelAnswer>> ModelAsync(ModelQuestion question, CancellationToken cancellationToken) =>
        OfProfileAsync(question, async profile => new HubAnswer<ModelAnswer>(ModelAnswerer.Show(profile, question, await LearnedAsync(cancellationToken)), null), cancellationToken);

    public Task<HubAnswer<PlansAnswer>> PlansAsync(PlanQuestion question, CancellationToken cancellationToken) => OfProfileAsync(
        question.Model,
        async profile => ModelAnswerer.Plan(profile, question, await KnownPrices.ReadAsync(data.PriceStore, null), await LearnedAsync(cancellationToken)) is { } plans
            ? plans
            : new HubAnswer<PlansAnswer>(null, new ModelError(ModelErrorKind.NotFound, "No machine type is known that has those accelerators. Leave 'accelerator' or 'cloud' out to see what there is.")),
        cancellationToken);

    private async Task<HubAnswer<T>> OfProfileAsync<T>(ModelQuestion question, Func<ModelProfile, Task<HubAnswer<T>>> answer, CancellationToken cancellationToken)
        where T : class =>
        await hub.Profiler.ProfileAsync(new ModelRequest(question.Id) { Revision = question.Revision, Quantization = question.Quantization }, cancellationToken) switch
        {
            ProfileResult.Read { Profile: var profile } => await answer(profile),
            var failed => new(null, ((ProfileResult.Failed)failed).Error),
        };

    // In a cluster as whoever asks, as everything else: roles say who may read it.
    private async Task<CostHistoryAnswer> OfHistoryAsync(CostPeriodLength length, string? space, int last, CancellationToken cancellationToken)
    {
        var (history, fault) = operators is null ? data.CostHistory.Read() : await new CostConfigMap(client, operators).ReadAsync(cancellationToken);
        // Part of a file that is broken is no reason to hide the rest; in a cluster there is the whole, or nothing that may be read.
        return fault is null || operators is null ? CostHistoryAnswer.Of(history, length, space, last) : throw new UnauthorizedAccessException(fault);
    }

    private Task<LearnedSpeed> LearnedAsync(CancellationToken cancellationToken) => KnownSpeed.ReadAsync(data, null, null, cancellationToken);

    // Whatever ends a command must not end a page.
    private static async Task<T> HereAsync<T>(Func<Task<T>> answer)
    {
        try
        {
            return await answer();
        }
        catch (CommandFailure missing)
        {
            throw new UnauthorizedAccessException(missing.Message, missing);
        }
    }
}
