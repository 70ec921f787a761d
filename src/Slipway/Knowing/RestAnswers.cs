using Slipway.Capacity.Answers;
using Slipway.Commands;
using Slipway.Kubernetes.Connection;
using Slipway.Up;
using Slipway.Web.Rest;

namespace Slipway.Knowing;

/// <summary>Answers of a running Slipway. Prices are read from disk, so that what another process fetched counts too.</summary>
internal sealed class RestAnswers(KubeClient client, DataDirectory data, TimeProvider time) : IAnswers
{
    private readonly Answers _answers = new(client, time);

    public async Task<CapacityAnswer> CapacityAsync(CancellationToken cancellationToken) =>
        await HereAsync(async () => await _answers.CapacityAsync(await KnownPrices.ReadAsync(data.PriceStore, null), onlyCluster: false, cancellationToken));

    public async Task<CostsAnswer> CostsAsync(CostGrouping by, string? space, CancellationToken cancellationToken) =>
        await HereAsync(async () => await _answers.CostsAsync(await KnownPrices.ReadAsync(data.PriceStore, null), by, space, null, cancellationToken));

    public async Task<PricesAnswer> PricesAsync(CancellationToken cancellationToken) =>
        PricesAnswer.Of(await KnownPrices.ReadAsync(data.PriceStore, null), data.RefreshReports.Read(), time.GetUtcNow());

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
