using Slipway.Models.Store;
using Slipway.Testing;
using Slipway.Testing.Gguf;
using Slipway.Testing.Hub;

namespace Slipway.Models.Tests.Store;

/// <summary>A fake hub, an empty cache and a store over both.</summary>
public sealed class HubFixture : IAsyncDisposable
{
    public const string Id = "slipway/random";

    private HubFixture(FakeHub hub) => Hub = hub;

    public FakeHub Hub { get; }

    public TempDirectory Directory { get; } = new();

    public string CacheRoot => Directory["hub"];

    public string LocalRoot => Directory["models"];

    public static byte[] Model { get; } = RandomModel.Bytes();

    public FakeRepo Repo => Hub.Find(Id)!;

    public static async Task<HubFixture> StartAsync()
    {
        var fixture = new HubFixture(await FakeHub.StartAsync());
        fixture.Hub.Add(Id).With("model-Q4_K_M.gguf", Model).With("README.md", "# random"u8.ToArray(), lfs: false);
        return fixture;
    }

    public ModelStoreOptions Options() => new()
    {
        CacheDirectory = CacheRoot,
        LocalDirectories = [LocalRoot],
        Endpoint = Hub.Endpoint,
        // Real waits, but short ones: what is tested with them is what comes after the wait.
        RetryDelay = TimeSpan.FromMilliseconds(1),
        MaxRetries = 2,
    };

    public async Task<ModelResolution> ResolveAsync(ModelRequest? request = null, ModelStoreOptions? options = null, IProgress<DownloadProgress>? progress = null)
    {
        using var store = new ModelStore(options ?? Options());
        return await store.ResolveAsync(request ?? new ModelRequest(Id), progress, TestContext.Current.CancellationToken);
    }

    public async Task<ModelResolution.Resolved> SucceedAsync(ModelRequest? request = null, ModelStoreOptions? options = null) =>
        await ResolveAsync(request, options) switch
        {
            ModelResolution.Resolved resolved => resolved,
            ModelResolution.Failed { Error: var error } => throw new InvalidOperationException($"{error.Kind}: {error.Message}"),
            _ => throw new InvalidOperationException(),
        };

    public async Task<ModelError> FailAsync(ModelRequest? request = null, ModelStoreOptions? options = null) =>
        Assert.IsType<ModelResolution.Failed>(await ResolveAsync(request, options)).Error;

    public async ValueTask DisposeAsync()
    {
        await Hub.DisposeAsync();
        Directory.Dispose();
    }
}

/// <summary>Reports at once, on the caller's thread.</summary>
public sealed class Reports<T> : IProgress<T>
{
    public List<T> All { get; } = [];

    public void Report(T value)
    {
        lock (All) All.Add(value);
    }
}
