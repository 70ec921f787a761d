using System.Collections.Immutable;
using Slipway.Api.ModelDeployments;
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

    public Func<PlanQuestion, HubAnswer<PlansAnswer>> Plans { get; set; } = _ => new ModelError(ModelErrorKind.NotFound, "No machine type is known.");

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
        new TrafficFact(1024, 256, concurrency), ImmutableArray<FitAnswer>.Empty, []);

    /// <summary>One machine to rent with one accelerator.</summary>
    public static PlansAnswer Plan(string model, string accelerator, decimal perHour, decimal perMillion, double tokensPerSecond) => new(
        model, new TrafficFact(1024, 256, 1),
        [new PlanFact(
            "g6.xlarge", "aws", "us-east-1", accelerator, accelerator.ToUpperInvariant(), 1, 1, 1, 1, Usd(perHour), Usd(perHour * 730), Usd(perMillion / 4), Usd(perMillion),
            new PlanPrice(perHour, "USD", "list", "2026-01-01", "on-demand"), Speed(tokensPerSecond), "one holds it")],
        []);

    public static SpeedAnswer Speed(double tokensPerSecond) => new(
        new BandFact(0.1, 0.2, 0.3), new BandFact(0.01, 0.02, 0.03), new BandFact(tokensPerSecond - 5, tokensPerSecond, tokensPerSecond + 5), new BandFact(1, 2, 3), 1, [], [], null);

    public static FitAnswer Fit(string accelerator, double tokensPerSecond) => new(accelerator, accelerator.ToUpperInvariant(), "Fits", "It fits with room.", 1, 8, 4096, null, [], Speed(tokensPerSecond));

    private static CostAmount Usd(decimal amount) => new(amount, "USD", null, []);

    public Task<CapacityAnswer> CapacityAsync(CancellationToken cancellationToken) => CapacityFault is { } fault ? Task.FromException<CapacityAnswer>(fault) : Task.FromResult(Capacity);

    public List<(string? Namespace, string? Runtime)> RoomAsked { get; } = [];

    public Func<ModelDeployment, RoomAnswer> Room { get; set; } = _ => RoomAnswer.None;

    public Task<RoomAnswer> RoomAsync(ModelDeployment draft, string? runtime, EngineType? engine, CancellationToken cancellationToken)
    {
        RoomAsked.Add((draft.Metadata.Namespace, runtime));
        return Task.FromResult(Room(draft));
    }

    public Task<HubAnswer<SearchAnswer>> SearchAsync(SearchQuery query, CancellationToken cancellationToken)
    {
        Searches.Add(query);
        return Task.FromResult(Search(query));
    }

    public Task<HubAnswer<ModelAnswer>> ModelAsync(ModelQuestion question, CancellationToken cancellationToken) => Task.FromResult(Model(question));

    public Task<HubAnswer<PlansAnswer>> PlansAsync(PlanQuestion question, CancellationToken cancellationToken) =>
        Task.FromResult(Plans(question));

    public CostRow[] CostRows { get; set; } = [];

    public Exception? CostFault { get; set; }

    public Task<CostsAnswer> CostsAsync(CostGrouping by, string? space, CancellationToken cancellationToken) => CostFault is not null
        ? Task.FromException<CostsAnswer>(CostFault)
        : Task.FromResult(new CostsAnswer
        {
            At = DateTimeOffset.UnixEpoch,
            By = "deployment",
            Rows = [.. CostRows],
            Models = Cost("", 0, 0),
            OthersPerHour = s_unknown,
            IdlePerHour = s_unknown,
            NodesPerHour = s_unknown,
            Prices = [],
        });

    /// <summary>What a deployment costs.</summary>
    public static CostRow Cost(string name, decimal hour, decimal month) => new(name, 1, new CostAmount(hour, "USD", null, []), new CostAmount(month, "USD", null, []), new CostAmount(month, "USD", null, []));

    public CostHistoryAnswer Spent { get; set; } = new("day", null, [], new CostAmount(0, null, null, []));

    public Exception? SpentFault { get; set; }

    public Task<CostHistoryAnswer> CostHistoryAsync(CostPeriodLength length, string? space, int last, CancellationToken cancellationToken) =>
        SpentFault is null ? Task.FromResult(Spent) : Task.FromException<CostHistoryAnswer>(SpentFault);

    public Task<PricesAnswer> PricesAsync(CancellationToken cancellationToken) => Task.FromResult(new PricesAnswer(DateTimeOffset.UnixEpoch, [], []));
}
