using System.Runtime.CompilerServices;
using Slipway.Api.Keys;
using Slipway.Api.ModelDeployments;
using Slipway.Api.Rollouts;
using Slipway.Api.Schedules;
using Slipway.Capacity.Answers;
using Slipway.Capacity.Answers.Models;
using Slipway.Capacity.Inventory.Local;
using Slipway.Models.Hub;
using Slipway.Models.Hub.Search;
using Slipway.Models.Store;
using Slipway.Web.Deployments.Logs;
using Slipway.Web.Deployments.Quality;
using Slipway.Web.Deployments.Traffic;
using Slipway.Web.Discover;
using Slipway.Web.Rest;
using Slipway.Web.Rollouts;
using Slipway.Web.Rollouts.Begin;
using Slipway.Web.Settings.Account;
using Slipway.Web.Settings.Keys;

namespace Slipway.Bench.Page;

/// <summary>What pages ask besides deployments: this machine, and thirty models of a hub.</summary>
internal sealed class NothingElse : IAnswers, IEngineLogs, IModelShelf, ITrafficHistory, IRollouts, ISchedules, IKeys, IHubAccount
{
    private static readonly ModelError s_none = new(ModelErrorKind.NotFound, "A benchmark reads no models.");

    public event Action? Changed
    {
        add { }
        remove { }
    }

    IReadOnlyList<EvaluationSchedule> ISchedules.All => [];

    public Task<string?> AcceptAsync(EvaluationSchedule schedule, CancellationToken cancellationToken) => Task.FromResult<string?>("Nothing is asked here.");

    IReadOnlyList<ApiKey> IKeys.All => [];

    public bool AreThere => false;

    public bool Requires(string space) => false;

    public Task<KeyMade> CreateAsync(KeyDraft draft, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<string?> DeleteAsync(ApiKey key, CancellationToken cancellationToken) => throw new NotSupportedException();

    public bool IsMine => false;

    public Task<HubAccountState> LookAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<string?> SignInAsync(string token, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<string?> SignOutAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    public IReadOnlyList<string> Ids => [];

    public IReadOnlyList<ModelRollout> All => [];

    public ModelRollout? Find(string space, string name) => null;

    public Task<GateFindings> FindingsAsync(ModelRollout rollout, GateStatus gate, CancellationToken cancellationToken) => throw new NotSupportedException();

    public IReadOnlyList<SuiteOffer> Suites(string space) => [];

    public string? Doubt(RolloutDraft draft) => null;

    public Task<string?> BeginAsync(RolloutDraft draft, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<string?> DeleteAsync(ModelRollout rollout, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<string?> ApproveAsync(ModelRollout rollout, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<string?> AbortAsync(ModelRollout rollout, CancellationToken cancellationToken) => throw new NotSupportedException();

    public IReadOnlyList<TrafficStretch>? Read(string space, string name, TimeSpan back, TimeSpan step) => [];

    public bool RemembersMore => false;

    public Task<IReadOnlyList<LoadStretch>> LongerAsync(string space, string name, TimeSpan back, TimeSpan step, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<LoadStretch>>([]);

    public IReadOnlyList<LoadStretch> Load(string space, string name, TimeSpan back, TimeSpan step) => [];

    public Task<CapacityAnswer> CapacityAsync(CancellationToken cancellationToken) => Task.FromResult(CapacityAnswer.OfMachine(new LocalMachineReader().Read(), "bench", DateTimeOffset.UnixEpoch));

    public Task<HubAnswer<SearchAnswer>> SearchAsync(SearchQuery query, CancellationToken cancellationToken) => Task.FromResult(new HubAnswer<SearchAnswer>(
        new SearchAnswer("Hub", 0, null, null, 0, [.. Enumerable.Range(0, 30).Select(static i => new FoundFact($"organisation/Some-Model-{i}B-Instruct", $"https://hub/{i}", "text-generation", null, "apache-2.0", i * 1_000_000_000L, null, null, "llama", 123_456 + i, 1234, "Open", null, null, []))]),
        null));

    public Task<HubAnswer<ModelAnswer>> ModelAsync(ModelQuestion question, CancellationToken cancellationToken) => Task.FromResult<HubAnswer<ModelAnswer>>(s_none);

    public Task<HubAnswer<PlansAnswer>> PlansAsync(PlanQuestion question, CancellationToken cancellationToken) => Task.FromResult<HubAnswer<PlansAnswer>>(s_none);

    public Task<RoomAnswer> RoomAsync(ModelDeployment deployment, string? runtime, EngineType? engine, CancellationToken cancellationToken) => Task.FromResult(new RoomAnswer([], []));

    public Task<CostsAnswer> CostsAsync(CostGrouping by, string? space, CancellationToken cancellationToken) => throw new UnauthorizedAccessException("A benchmark has no nodes.");

    public Task<CostHistoryAnswer> CostHistoryAsync(CostPeriodLength length, string? space, int last, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<PricesAnswer> PricesAsync(CancellationToken cancellationToken) => Task.FromResult(new PricesAnswer(DateTimeOffset.UnixEpoch, [], []));

    public async IAsyncEnumerable<IReadOnlyList<LogLine>> FollowAsync(ModelDeployment deployment, int lines, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
        yield break;
    }
}
