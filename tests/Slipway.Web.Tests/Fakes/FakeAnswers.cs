using System.Collections.Immutable;
using Slipway.Capacity.Answers;
using Slipway.Capacity.Answers.Models;
using Slipway.Models.Hub;
using Slipway.Models.Hub.Search;
using Slipway.Models.Store;
using Slipway.Web.Discover;
using Slipway.Web.Rest;

namespace Slipway.Web.Tests.Fakes;

/// <summary>Answers that a test sets.</summary>
internal sealed class FakeAnswers : IAnswers, IModelShelf
{
    private static readonly CostAmount s_unknown = new(null, null, "what this machine costs is in no price list", []);

    public List<SearchQuery> Searches { get; } = [];

    public Func<SearchQuery, HubAnswer<SearchAnswer>> Search { get; set; } = _ => Page(Found("org/small", 1_000_000_000));

    public Func<ModelQuestion, HubAnswer<ModelAnswer>> Model { get; set; } = q => Answer(q.Id, 4L << 30, q.Concurrency);

    public Exception? CapacityFault { get; set; }

    public CapacityAnswer Capacity { get; set; } = Machine(16L << 30);

    public IReadOnlyList<string> Ids { get; set; } = [];

    public static SearchAnswer Page(params FoundFact[] models) => new("Hub", 0, null, null, 0, [.. models]);

    public static FoundFact Found(string id, long? parameters, string? toDo = null) =>
        new(id, "https://hub/" + id, "text-generation", null, "mit", parameters, null, null, null, 12_345, null, "Open", toDo, null, []);

    public static CapacityAnswer Machine(long memory) => new(
        "machine", DateTimeOffset.UnixEpoch,
        [new NodeAnswer { Name = "laptop", CpuMillis = 8000, MemoryBytes = memory, FreeMemoryBytes = memory / 2, Devices = [], Price = new PriceFact("laptop", null, null, null, null, null, null, s_unknown.Unknown), IdlePerHour = s_unknown }],
        [], s_unknown, s_unknown, []);

    public static ModelAnswer Answer(string id, long weights, int concurrency = 1) => new(
        new ModelFact
        {
            Id = id,
            Architecture = "llama",
            Layers = 4,
            Attention = "GQA",
            Parameters = new(weights / 2, weights / 2),
            ActiveParameters = new(weights / 2, weights / 2),
            WeightBytes = new(weights, weights),
            WeightSource = "Gguf",
            ComputeType = "bfloat16",
            KvBytesPerToken = 131_072,
            ContextLength = 4096,
            Licence = "mit",
        },
        new TrafficFact(1024, 256, concurrency), ImmutableArray<FitAnswer>.Empty);

    public Task<CapacityAnswer> CapacityAsync(CancellationToken cancellationToken) => CapacityFault is { } fault ? Task.FromException<CapacityAnswer>(fault) : Task.FromResult(Capacity);

    public Task<HubAnswer<SearchAnswer>> SearchAsync(SearchQuery query, CancellationToken cancellationToken)
    {
        Searches.Add(query);
        return Task.FromResult(Search(query));
    }

    public Task<HubAnswer<ModelAnswer>> ModelAsync(ModelQuestion question, CancellationToken cancellationToken) => Task.FromResult(Model(question));

    public Task<HubAnswer<PlansAnswer>> PlansAsync(PlanQuestion question, CancellationToken cancellationToken) =>
        Task.FromResult<HubAnswer<PlansAnswer>>(new ModelError(ModelErrorKind.NotFound, "No machine type is known."));

    public Task<CostsAnswer> CostsAsync(CostGrouping by, string? space, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<CostHistoryAnswer> CostHistoryAsync(CostPeriodLength length, string? space, int last, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<PricesAnswer> PricesAsync(CancellationToken cancellationToken) => Task.FromResult(new PricesAnswer(DateTimeOffset.UnixEpoch, [], []));
}
