using Microsoft.Extensions.Time.Testing;
using Slipway.Api.ModelDeployments;
using Slipway.Kubernetes.Objects;
using Slipway.Models.Profiles;
using Slipway.Models.Store;
using Slipway.Operator.Sizing;
using Slipway.Testing;
using Slipway.Testing.Hub;

namespace Slipway.Operator.Tests.Sizing;

public sealed class ProfileCacheTests : IAsyncDisposable
{
    private static readonly NamespacedName s_asker = new("default", "a");
    private readonly FakeTimeProvider _time = new();
    private readonly TempDirectory _folder = new();
    private FakeHub? _hub;
    private ModelProfiler? _profiler;
    private ProfileCache? _cache;
    private TaskCompletionSource<NamespacedName> _arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);

    [Fact]
    public async Task An_answer_is_awaited_in_the_background_and_then_kept()
    {
        var cache = await StartAsync();
        _hub!.Add("org/8b").With("config.json", System.Text.Encoding.UTF8.GetBytes(Given.Config("8b")), lfs: false);
        Assert.Null(cache.Find(new ModelRequest("org/8b"), s_asker));
        Assert.Equal(s_asker, await ArrivedAsync());
        Assert.Equal("org/8b", cache.Find(new ModelRequest("org/8b"), s_asker)!.Profile!.Identity.Id);
        var calls = _hub.Calls.Count;
        Assert.NotNull(cache.Find(new ModelRequest("org/8b"), s_asker));
        Assert.Equal(calls, _hub.Calls.Count);
    }

    [Fact]
    public async Task A_model_that_nobody_knows_is_asked_for_again_only_after_some_minutes()
    {
        var cache = await StartAsync();
        Assert.Null(cache.Find(new ModelRequest("org/none"), s_asker));
        await ArrivedAsync();
        Assert.Contains("org/none", cache.Find(new ModelRequest("org/none"), s_asker)!.Why, StringComparison.Ordinal);
        _time.Advance(ProfileCache.Failed - TimeSpan.FromSeconds(1));
        Assert.NotNull(cache.Find(new ModelRequest("org/none"), s_asker));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(cache.Find(new ModelRequest("org/none"), s_asker));
    }

    [Fact]
    public async Task A_hub_that_is_silent_is_given_up()
    {
        var asked = new TaskCompletionSource();
        _cache = new ProfileCache(
            async (_, stop) =>
            {
                var silent = Task.Delay(Timeout.InfiniteTimeSpan, _time, stop);
                asked.SetResult();
                await silent;
                throw new InvalidOperationException();
            },
            _ => throw new InvalidOperationException(),
            _time);
        _cache.Arrived += key => _arrived.TrySetResult(key);
        Assert.Null(_cache.Find(new ModelRequest("org/8b"), s_asker));
        await asked.Task;
        _time.Advance(ProfileCache.Timeout);
        await ArrivedAsync();
        Assert.Contains("did not answer within 10 s", _cache.Find(new ModelRequest("org/8b"), s_asker)!.Why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_decided_stays_and_the_hub_is_not_asked()
    {
        var cache = await StartAsync();
        var deployment = Given.Deployment("32b");
        var decided = new ModelSizing(SizingVerdict.Sized, 4, "as before", SizingRequest.Of(deployment)!.Basis);
        var carried = deployment with { Metadata = deployment.Metadata with { Annotations = new Dictionary<string, string> { [SizingRecord.Annotation] = SizingRecord.Write(decided) } } };
        Assert.Equal(decided, ModelSizer.Size(carried, cache));
        Assert.Empty(_hub!.Calls);
    }

    [Fact]
    public async Task Another_model_keeps_the_number_until_its_own_is_known_and_what_ran_before_is_left_alone()
    {
        var cache = await StartAsync();
        var decided = new ModelSizing(SizingVerdict.Sized, 4, "as before", "of another model");
        var deployment = Given.Deployment("none");
        var carried = deployment with { Metadata = deployment.Metadata with { Annotations = new Dictionary<string, string> { [SizingRecord.Annotation] = SizingRecord.Write(decided) } } };
        Assert.Equal(4, ModelSizer.Size(carried, cache)!.Gpus);
        await ArrivedAsync();
        Assert.Equal(4, ModelSizer.Size(carried, cache)!.Gpus);
        Assert.Equal(SizingVerdict.Assumed, ModelSizer.Size(deployment, cache)!.Verdict);
        Assert.Null(ModelSizer.Size(deployment with { Status = new ModelDeploymentStatus { Provider = new() { Name = "vllm", ResourceName = "a" } } }, cache));
    }

    public async ValueTask DisposeAsync()
    {
        if (_cache is not null) await _cache.DisposeAsync();
        _profiler?.Dispose();
        if (_hub is not null) await _hub.DisposeAsync();
        _folder.Dispose();
    }

    private async Task<ProfileCache> StartAsync()
    {
        _hub = await FakeHub.StartAsync();
        _profiler = new ModelProfiler(new ModelStoreOptions { CacheDirectory = _folder.Path, Endpoint = _hub.Endpoint, MaxRetries = 0 });
        _cache = new ProfileCache(_profiler.ProfileAsync, _ => Task.FromResult(ClusterHardware.None), _time);
        _cache.Arrived += key => _arrived.TrySetResult(key);
        return _cache;
    }

    private async Task<NamespacedName> ArrivedAsync()
    {
        var key = await _arrived.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        _arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
        return key;
    }
}
