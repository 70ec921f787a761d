using Slipway.Models.Store;
using Slipway.Testing.Hub;

namespace Slipway.Models.Tests.Store;

public sealed class ModelStoreTests
{
    [Fact]
    public async Task A_model_comes_from_the_hub_once_and_from_the_cache_afterwards_with_no_network()
    {
        await using var fixture = await HubFixture.StartAsync();

        var first = await fixture.SucceedAsync();
        var requests = fixture.Hub.Calls.Count;
        var second = await fixture.SucceedAsync();

        Assert.Equal(ModelOrigin.Hub, first.Origin);
        Assert.Equal(ModelOrigin.Cache, second.Origin);
        Assert.Equal(first.Path, second.Path);
        Assert.Equal(requests, fixture.Hub.Calls.Count);
        Assert.Equal(fixture.Repo.Commit, second.Revision);
        Assert.Equal(HubFixture.Model, await File.ReadAllBytesAsync(second.Path, TestContext.Current.CancellationToken));
        Assert.Equal("llama", second.Summary.Architecture);
        Assert.Equal(HubFixture.Model.Length, second.Bytes);
    }

    [Fact]
    public async Task The_cache_is_laid_out_as_other_hub_tools_expect_it()
    {
        await using var fixture = await HubFixture.StartAsync();

        var model = await fixture.SucceedAsync();

        var repo = Path.Combine(fixture.CacheRoot, "models--slipway--random");
        var etag = fixture.Repo.Files["model-Q4_K_M.gguf"].Sha256;
        Assert.Equal(Path.Combine(repo, "snapshots", fixture.Repo.Commit, "model-Q4_K_M.gguf"), model.Path);
        Assert.Equal($"../../blobs/{etag}", File.ResolveLinkTarget(model.Path, returnFinalTarget: false) is { } link ? new FileInfo(model.Path).LinkTarget : null);
        Assert.Equal(fixture.Repo.Commit, await File.ReadAllTextAsync(Path.Combine(repo, "refs", "main"), TestContext.Current.CancellationToken));
        Assert.Equal([etag], Directory.GetFiles(Path.Combine(repo, "blobs")).Select(Path.GetFileName));
    }

    [Fact]
    public async Task The_token_goes_to_the_hub_and_never_to_the_CDN()
    {
        await using var fixture = await HubFixture.StartAsync();
        fixture.Repo.Token = "hf_secret";

        await fixture.SucceedAsync(new ModelRequest(HubFixture.Id) { Token = "hf_secret" });

        Assert.False(fixture.Hub.TokenLeaked);
        Assert.Equal(1, fixture.Hub.Count(HubDoor.Cdn));
        Assert.All(fixture.Hub.Calls.Where(static c => c.Door != HubDoor.Cdn), static c => Assert.Equal("Bearer hf_secret", c.Authorization));
    }

    [Fact]
    public async Task A_local_directory_wins_over_cache_and_hub()
    {
        await using var fixture = await HubFixture.StartAsync();
        await fixture.SucceedAsync();
        var local = fixture.Directory.Write($"models/{HubFixture.Id}/anything.gguf", HubFixture.Model);

        var model = await fixture.SucceedAsync();

        Assert.Equal((ModelOrigin.Local, local), (model.Origin, model.Path));
    }

    [Fact]
    public async Task A_pinned_revision_is_not_taken_from_a_local_directory()
    {
        await using var fixture = await HubFixture.StartAsync();
        fixture.Directory.Write($"models/{HubFixture.Id}/anything.gguf", HubFixture.Model);

        var model = await fixture.SucceedAsync(new ModelRequest(HubFixture.Id) { Revision = fixture.Repo.Commit });

        Assert.Equal((ModelOrigin.Hub, fixture.Repo.Commit), (model.Origin, model.Revision));
    }

    [Fact]
    public async Task A_tag_is_resolved_and_remembered()
    {
        await using var fixture = await HubFixture.StartAsync();
        fixture.Repo.Revisions.Add("v1.0");

        var request = new ModelRequest(HubFixture.Id) { Revision = "v1.0" };
        await fixture.SucceedAsync(request);
        var again = await fixture.SucceedAsync(request, fixture.Options() with { Offline = true });

        Assert.Equal(ModelOrigin.Cache, again.Origin);
    }

    [Fact]
    public async Task The_asked_quantisation_is_fetched_even_when_another_is_cached()
    {
        await using var fixture = await HubFixture.StartAsync();
        fixture.Repo.With("model-Q8_0.gguf", [.. HubFixture.Model, 0]);
        await fixture.SucceedAsync();

        var model = await fixture.SucceedAsync(new ModelRequest(HubFixture.Id) { Quantization = "q8_0" });

        Assert.Equal("model-Q8_0.gguf", Path.GetFileName(model.Path));
        Assert.Equal(ModelOrigin.Hub, model.Origin);
    }

    [Fact]
    public async Task A_file_outside_LFS_is_checked_by_its_git_id()
    {
        await using var fixture = await HubFixture.StartAsync();
        fixture.Hub.Add("slipway/plain").With("tiny.gguf", HubFixture.Model, lfs: false);

        var model = await fixture.SucceedAsync(new ModelRequest("slipway/plain"));

        Assert.Equal(HubFixture.Model.Length, model.Bytes);
        Assert.Equal(0, fixture.Hub.Count(HubDoor.Cdn));
    }

    [Fact]
    public async Task Concurrent_requests_download_once()
    {
        await using var fixture = await HubFixture.StartAsync();
        var open = new TaskCompletionSource();
        fixture.Hub.Fail(HubDoor.Cdn, HubFailure.Silent(open.Task));

        var all = Enumerable.Range(0, 5).Select(_ => fixture.SucceedAsync()).ToArray();
        open.SetResult();
        var models = await Task.WhenAll(all);

        Assert.Equal(1, fixture.Hub.Count(HubDoor.Cdn));
        Assert.Single(models.Select(static m => m.Path).Distinct());
    }

    [Fact]
    public async Task Progress_ends_at_the_total()
    {
        await using var fixture = await HubFixture.StartAsync();
        var reports = new Reports<DownloadProgress>();

        await fixture.ResolveAsync(progress: reports);

        Assert.Equal(0, reports.All[0].BytesDone);
        Assert.Equal((HubFixture.Model.Length, HubFixture.Model.Length), (reports.All[^1].BytesDone, reports.All[^1].BytesTotal));
        Assert.True(reports.All.Zip(reports.All.Skip(1)).All(static p => p.First.BytesDone <= p.Second.BytesDone));
    }

    [Fact]
    public async Task A_listing_of_many_pages_is_read_to_its_end()
    {
        await using var fixture = await HubFixture.StartAsync();
        fixture.Hub.PageSize = 2;
        for (var i = 0; i < 5; i++) fixture.Repo.With($"a{i}.txt", [1], lfs: false);

        var model = await fixture.SucceedAsync();

        Assert.Equal("model-Q4_K_M.gguf", Path.GetFileName(model.Path));
        Assert.Equal(4, fixture.Hub.Count(HubDoor.Tree));
    }

    [Fact]
    public async Task A_split_model_is_fetched_whole()
    {
        await using var fixture = await HubFixture.StartAsync();
        fixture.Hub.Add("slipway/split")
            .With("Q8_0/m-00001-of-00002.gguf", HubFixture.Model)
            .With("Q8_0/m-00002-of-00002.gguf", Slipway.Testing.Gguf.RandomModel.Bytes(seed: 2));

        var model = await fixture.SucceedAsync(new ModelRequest("slipway/split") { Quantization = "Q8_0" });

        Assert.Equal(["m-00001-of-00002.gguf", "m-00002-of-00002.gguf"], model.Files.Select(Path.GetFileName));
        Assert.Equal(model.Files[0], model.Path);
    }
}
