using Slipway.Capacity.Answers;
using Slipway.Capacity.Answers.Models;
using Slipway.Models.Memory;
using Slipway.Web.Rest;

namespace Slipway.Web.Discover;

/// <summary>A model of this machine, read from its own files, as a card shows it.</summary>
/// <param name="Found">What it is, in the form of a listing.</param>
/// <param name="Context">The longest prompt and answer together, tokens; null when it does not say.</param>
/// <param name="Fit">Whether it fits.</param>
public sealed record ShelfModel(FoundFact Found, long? Context, MachineFit? Fit)
{
    /// <summary>Reads those whose id has the words; one that cannot be read is shown without numbers.</summary>
    internal static async Task<IReadOnlyList<ShelfModel>> ReadAsync(IModelShelf shelf, IAnswers answers, CapacityAnswer? capacity, string? text, CancellationToken cancellationToken)
    {
        var models = new List<ShelfModel>();
        foreach (var id in shelf.Ids.Where(i => text is null || i.Contains(text, StringComparison.OrdinalIgnoreCase)))
        {
            var question = new ModelQuestion(id)
            {
                Engine = capacity is not null && MachineFit.Accelerators(capacity).Count > 0 ? ServingEngine.Vllm : ServingEngine.LlamaCpp,
                Accelerators = [.. capacity is null ? [] : MachineFit.Accelerators(capacity)],
            };
            var answer = await answers.ModelAsync(question, cancellationToken);
            models.Add(answer.Value is { } model
                ? new(Listing(model.Model), model.Model.ContextLength, capacity is null ? null : MachineFit.Of(model, capacity) is [var best, ..] ? best : null)
                : new(new FoundFact(id, "", null, null, null, null, null, null, null, null, null, "Open", answer.Error?.Message, null, []), null, null));
        }

        return models;
    }

    private static FoundFact Listing(ModelFact model) => new(
        model.Id, "", model.ChatTemplate == true ? "chat" : null, null, model.Licence, model.Parameters.High, model.WeightBytes.High,
        model.Quantization is { } q ? q.Scheme.Length > 0 ? q.Scheme : q.Method : null, model.Architecture, null, null, "Open", null, null, []);
}
