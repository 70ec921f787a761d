using System.Reflection;
using Slipway.Api.Keys;
using Slipway.Api.ModelDeployments;
using Slipway.Api.Rollouts;
using Slipway.Api.Schedules;
using Slipway.Web.Access;
using Slipway.Web.Access.Seen;
using Slipway.Web.Deployments;
using Slipway.Web.Deployments.Logs;
using Slipway.Web.Deployments.Quality;
using Slipway.Web.Deployments.Traffic;
using Slipway.Web.Rest;
using Slipway.Web.Rollouts;
using Slipway.Web.Rollouts.Begin;
using Slipway.Web.Settings.Keys;
using Slipway.Web.Tests.Fakes;

namespace Slipway.Web.Tests.Access;

/// <summary>What is read from caches and files, seen through somebody's rights.</summary>
public sealed class SeenTests
{
    // What the hub has and machines cost is no secret of the cluster.
    private static readonly string[] s_open = ["PricesAsync", "SearchAsync", "ModelAsync", "PlansAsync"];

    private readonly FakeRights _rights = new();
    private readonly FakeDeployments _all = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string, string> Methods =>
        [.. Interfaces.SelectMany(static i => i.GetMethods().Where(static m => !m.Name.StartsWith("add_", StringComparison.Ordinal) && !m.Name.StartsWith("remove_", StringComparison.Ordinal) && !s_open.Contains(m.Name)).Select(m => (i.Name, m.Name)))];

    private static IEnumerable<Type> Interfaces => typeof(PageSources).GetProperties().Select(static p => p.PropertyType).Where(static t => t.IsInterface && t.Name != "IModelShelf");

    [Theory]
    [MemberData(nameof(Methods))]
    public async Task Whoever_may_nothing_gets_at_nothing(string type, string method)
    {
        var asked = new List<string>();
        _rights.Fault = "Your session is over. Sign in again.";
        var seen = new Dictionary<string, object>
        {
            ["IDeployments"] = new SeenDeployments(Watched.Of<IDeployments>(asked, new FakeDeployments()), _rights),
            ["IEngineLogs"] = new SeenLogs(Watched.Of<IEngineLogs>(asked, new FakeLogs()), _rights, Token),
            ["ITrafficHistory"] = new SeenTraffic(Watched.Of<ITrafficHistory>(asked, new FakeTraffic()), _rights),
            ["IRollouts"] = new SeenRollouts(Watched.Of<IRollouts>(asked, new FakeRollouts()), _rights),
            ["ISchedules"] = new SeenSchedules(Watched.Of<ISchedules>(asked, new FakeSchedules()), _rights),
            ["IKeys"] = new SeenKeys(Watched.Of<IKeys>(asked, new FakeKeys()), _rights),
            ["IHubAccount"] = new SeenHubAccount(),
            ["IAnswers"] = new SeenAnswers(Watched.Of<IAnswers>(asked, new FakeAnswers()), _rights),
        }[type];
        asked.Clear();
        var called = Interfaces.Single(i => i.Name == type).GetMethod(method)!;
        var arguments = called.GetParameters().Select(static p => p.ParameterType switch
        {
            var t when t == typeof(ModelDeployment) => Given.Ready("a"),
            var t when t == typeof(ModelRollout) => FakeRollouts.Rollout("r", RolloutPhase.Paused),
            var t when t == typeof(RolloutDraft) => FakeRollouts.Draft(),
            var t when t == typeof(ApiKey) => FakeKeys.Key("default", "k"),
            var t when t == typeof(KeyDraft) => new KeyDraft("default", "k"),
            var t when t == typeof(EvaluationSchedule) => FakeSchedules.Schedule("a", 1),
            var t when t == typeof(GateStatus) => FakeRollouts.Gate("Running", 1),
            var t when t == typeof(string) => "default",
            var t when t.IsValueType => Activator.CreateInstance(t),
            _ => (object?)null,
        }).ToArray();
        try
        {
            switch (called.Invoke(seen, arguments))
            {
                case IAsyncEnumerable<IReadOnlyList<LogLine>> lines:
                    await foreach (var _ in lines) Assert.Fail("A line came.");
                    break;
                case Task task:
                    await task;
                    break;
            }
        }
        catch (UnauthorizedAccessException refused)
        {
            Assert.Contains("Sign in again", refused.Message, StringComparison.Ordinal);
        }

        // To know the namespaces of a list, the list has to be looked at.
        Assert.DoesNotContain(asked, static a => a != "get_All");
    }

    [Fact]
    public void One_sees_the_namespaces_in_which_one_may_list_and_the_list_follows()
    {
        using var seen = new SeenDeployments(_all, _rights);
        var changes = 0;
        seen.Changed += () => changes++;
        _all.Put(In("a", "one"));
        _all.Put(In("b", "two"));
        Assert.Equal(2, seen.All.Count);
        _rights.Take(Right.SeeDeployments, "b");
        Assert.Equal(["one"], seen.All.Select(static d => d.Metadata.Name));
        Assert.Null(seen.Find("b", "two"));
        Assert.Null(seen.Engine(In("b", "two")));
        Assert.Equal(3, changes);
    }

    [Fact]
    public async Task A_refusal_says_whom_to_ask_and_another_fault_stays_as_it_is()
    {
        using var seen = new SeenDeployments(_all, _rights);
        _all.Refusal = "modeldeployments.airunway.ai \"x\" is forbidden: User \"bob\" cannot delete resource.";
        Assert.Equal(_all.Refusal, await seen.DeleteAsync(In("a", "x"), Token));
        _rights.Take(Right.Delete, "a");
        Assert.Equal(_all.Refusal + " You may not delete modeldeployments.airunway.ai in a. Ask ops.", await seen.DeleteAsync(In("a", "x"), Token));
        _all.Refusal = null;
        // The API alone decides: what was known of rights may be old.
        Assert.Null(await seen.DeleteAsync(In("a", "x"), Token));
    }

    [Fact]
    public async Task A_log_ends_when_the_right_to_it_is_taken()
    {
        var logs = new FakeLogs();
        logs.Write("first");
        var read = new List<string>();
        var refused = await Assert.ThrowsAsync<UnauthorizedAccessException>(async () =>
        {
            await foreach (var lines in new SeenLogs(logs, _rights, CancellationToken.None).FollowAsync(In("a", "x"), 10, Token))
            {
                read.AddRange(lines.Select(static l => l.Text));
                _rights.Take(Right.ReadLogs, "a");
                logs.Write("second");
            }
        });
        Assert.Equal(["first"], read);
        Assert.Contains("get pods/log", refused.Message, StringComparison.Ordinal);
        await logs.Left;
    }

    [Fact]
    public async Task A_log_ends_with_the_session()
    {
        var logs = new FakeLogs();
        logs.Write("first");
        using var session = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var _ in new SeenLogs(logs, _rights, session.Token).FollowAsync(In("a", "x"), 10, Token)) await session.CancelAsync();
        });
    }

    [Fact]
    public void A_model_is_asked_by_whoever_sees_the_deployment_that_answers_to_its_name()
    {
        var (theirs, mine) = (Aged(In("b", "chat"), 1), Aged(In("a", "chat"), 2));
        _rights.Take(Right.SeeDeployments, "b");
        Assert.True(SeenSources.MayAsk([mine], _rights, ServedModel.RoutedName(mine)));
        // The older one has the name, so that the question would go to the other team.
        Assert.False(SeenSources.MayAsk([mine, theirs], _rights, ServedModel.RoutedName(mine)));
        Assert.False(SeenSources.MayAsk([mine], _rights, "no-such-model"));
    }

    private static ModelDeployment In(string space, string name) => Given.Ready(name) with { Metadata = Given.Ready(name).Metadata with { Namespace = space } };

    private static ModelDeployment Aged(ModelDeployment deployment, int days) => deployment with { Metadata = deployment.Metadata with { CreationTimestamp = DateTimeOffset.UnixEpoch.AddDays(days) } };

    /// <summary>Writes down what is asked of something.</summary>
    public class Watched : DispatchProxy
    {
        private List<string> _asked = [];
        private object _inner = null!;

        internal static T Of<T>(List<string> asked, T inner)
            where T : class
        {
            var proxy = Create<T, Watched>();
            ((Watched)(object)proxy)._asked = asked;
            ((Watched)(object)proxy)._inner = inner;
            return proxy;
        }

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            _asked.Add(targetMethod!.Name);
            return targetMethod.Invoke(_inner, args);
        }
    }
}
