using Slipway.Capacity.Answers;
using Slipway.Capacity.Answers.Models;
using Slipway.Models.Memory;
using Slipway.Models.Store;
using Slipway.Web.Rest;
using static Slipway.Web.Languages.Words;

namespace Slipway.Web.Discover;

/// <summary>Reads the numbers of models from the answers that the command line prints, a few at a time for all open pages together: the hub counts who asks.</summary>
internal sealed class NumbersReader(IAnswers answers) : IDisposable
{
    private const int AtOnce = 4;

    private readonly SemaphoreSlim _places = new(AtOnce);

    public void Dispose() => _places.Dispose();

    /// <param name="id">The repository.</param>
    /// <param name="hardware">The key of the accelerator in view; null for what there is here.</param>
    /// <param name="capacity">What there is here; null when that cannot be read.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task<ModelNumbers> ReadAsync(string id, string? hardware, CapacityAnswer? capacity, CancellationToken cancellationToken)
    {
        await _places.WaitAsync(cancellationToken);
        try
        {
            var here = capacity is null ? [] : MachineFit.Accelerators(capacity);
            var question = new ModelQuestion(id) { Accelerators = hardware is not null ? [hardware] : [.. here] };
            var answer = await answers.ModelAsync(question, cancellationToken);
            if (answer.Value is not { } model) return new ModelNumbers(null, null, null, Why(answer.Error!));

            var fit = hardware is not null
                ? model.Accelerators.Where(a => a.Accelerator == hardware).Select(MachineFit.Of).FirstOrDefault()
                : capacity is not null && MachineFit.Of(model, capacity) is [var best, ..] ? best : null;
            var plans = await answers.PlansAsync(new PlanQuestion(question with { Engine = ServingEngine.Vllm }) { Show = 1 }, cancellationToken);
            var rented = plans.Value?.Plans.FirstOrDefault();
            return new ModelNumbers(model.Model, fit, rented, rented is not null ? rented.PerHour.Unknown : NoMachine(plans.Value, plans.Error));
        }
        finally
        {
            _places.Release();
        }
    }

    private static string Why(ModelError error) => error.Kind is ModelErrorKind.RateLimited ? T("{0} Its numbers come when the page is loaded again.", error.Message) : error.Message;

    private static string NoMachine(PlansAnswer? plans, ModelError? error) =>
        error?.Message ?? (plans!.Refused is [var refused, ..] ? T("No machine to rent runs it: {0}: {1}", refused.Accelerator, refused.Reason) : T("No machine to rent runs it."));
}
