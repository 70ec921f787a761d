using Slipway.Models.Store;
using Slipway.Testing.Hub;

namespace Slipway.Models.Tests.Store;

public sealed class LocalFailureTests
{
    [Theory]
    [InlineData("")]
    [InlineData("../etc")]
    [InlineData("a/b/c")]
    [InlineData("a--b/c")]
    [InlineData("a/b?x=1")]
    [InlineData("/etc/passwd")]
    public async Task An_impossible_id_is_refused_without_a_request(string id)
    {
        await using var fixture = await HubFixture.StartAsync();

        var error = await fixture.FailAsync(new ModelRequest(id));

        Assert.Equal(ModelErrorKind.InvalidId, error.Kind);
        Assert.Empty(fixture.Hub.Calls);
    }

    [Theory]
    [InlineData("../../main", null)]
    [InlineData(null, "../x.gguf")]
    [InlineData(null, "/x.gguf")]
    public async Task An_impossible_revision_or_file_is_refused(string? revision, string? file)
    {
        await using var fixture = await HubFixture.StartAsync();

        var error = await fixture.FailAsync(new ModelRequest(HubFixture.Id) { Revision = revision, File = file });

        Assert.Equal(ModelErrorKind.InvalidId, error.Kind);
    }

    [Fact]
    public async Task A_path_that_leaves_the_repository_is_not_downloaded()
    {
        await using var fixture = await HubFixture.StartAsync();
        fixture.Hub.Add("evil/model").With("../../../../evil.gguf", HubFixture.Model);

        var error = await fixture.FailAsync(new ModelRequest("evil/model"));

        Assert.Equal(ModelErrorKind.NoGgufFile, error.Kind);
    }

    [Fact]
    public async Task A_repository_without_GGUF_is_said_so()
    {
        await using var fixture = await HubFixture.StartAsync();
        fixture.Hub.Add("slipway/safe").With("model.safetensors", [1, 2, 3]);

        var error = await fixture.FailAsync(new ModelRequest("slipway/safe"));

        Assert.Equal(ModelErrorKind.NoGgufFile, error.Kind);
        Assert.Contains("-GGUF", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_quantisation_lists_what_exists()
    {
        await using var fixture = await HubFixture.StartAsync();

        var error = await fixture.FailAsync(new ModelRequest(HubFixture.Id) { Quantization = "Q2_K" });

        Assert.Equal(ModelErrorKind.QuantizationNotFound, error.Kind);
        Assert.Contains("There are: Q4_K_M", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_file_lists_what_exists()
    {
        await using var fixture = await HubFixture.StartAsync();

        var error = await fixture.FailAsync(new ModelRequest(HubFixture.Id) { File = "other.gguf" });

        Assert.Equal(ModelErrorKind.NotFound, error.Kind);
        Assert.Contains("model-Q4_K_M.gguf", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_download_that_does_not_fit_is_not_begun()
    {
        await using var fixture = await HubFixture.StartAsync();

        var error = await fixture.FailAsync(options: fixture.Options() with { FreeBytes = static _ => 1_000_000 });

        Assert.Equal(ModelErrorKind.DiskFull, error.Kind);
        Assert.Contains("1.0 MB free", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, fixture.Hub.Count(HubDoor.Resolve));
    }

    [Fact]
    public async Task A_disk_that_becomes_full_is_named()
    {
        await using var fixture = await HubFixture.StartAsync();
        var blobs = Path.Combine(fixture.CacheRoot, "models--slipway--random", "blobs");
        Directory.CreateDirectory(blobs);
        // Every write to this device fails with ENOSPC.
        File.CreateSymbolicLink(Path.Combine(blobs, fixture.Repo.Files["model-Q4_K_M.gguf"].Sha256 + ".incomplete"), "/dev/full");

        var error = await fixture.FailAsync();

        Assert.Equal(ModelErrorKind.DiskFull, error.Kind);
        Assert.Contains("HF_HOME", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cache_that_cannot_be_written_is_named()
    {
        await using var fixture = await HubFixture.StartAsync();
        fixture.Directory.Write("hub", "a file where the cache should be"u8.ToArray());

        var error = await fixture.FailAsync();

        Assert.Equal(ModelErrorKind.Unreadable, error.Kind);
        Assert.Contains(fixture.CacheRoot, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_truncated_local_model_is_said_so()
    {
        await using var fixture = await HubFixture.StartAsync();
        var path = fixture.Directory.Write($"models/{HubFixture.Id}/m.gguf", HubFixture.Model[..^100]);

        var error = await fixture.FailAsync();

        Assert.Equal(ModelErrorKind.Truncated, error.Kind);
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_corrupt_cached_model_names_the_blob_and_deleting_it_heals()
    {
        await using var fixture = await HubFixture.StartAsync();
        var model = await fixture.SucceedAsync();
        var blob = File.ResolveLinkTarget(model.Path, returnFinalTarget: true)!.FullName;
        await File.WriteAllBytesAsync(blob, new byte[HubFixture.Model.Length], TestContext.Current.CancellationToken);

        var error = await fixture.FailAsync();
        File.Delete(blob);
        var healed = await fixture.SucceedAsync();

        Assert.Equal(ModelErrorKind.Corrupt, error.Kind);
        Assert.Contains(blob, error.Message, StringComparison.Ordinal);
        Assert.Equal(ModelOrigin.Hub, healed.Origin);
    }

    [Fact]
    public async Task Offline_means_offline()
    {
        await using var fixture = await HubFixture.StartAsync();

        var error = await fixture.FailAsync(options: fixture.Options() with { Offline = true });

        Assert.Equal(ModelErrorKind.NotFound, error.Kind);
        Assert.Contains("HF_HUB_OFFLINE", error.Message, StringComparison.Ordinal);
        Assert.Empty(fixture.Hub.Calls);
    }

    [Fact]
    public void Settings_come_from_the_variables_of_other_hub_tools()
    {
        using var home = new Slipway.Testing.TempDirectory();
        home.Write("token", "hf_fromfile\n"u8.ToArray());
        var variables = new Dictionary<string, string> { ["HF_HOME"] = home.Path, ["HF_ENDPOINT"] = "http://mirror:8080", ["HF_HUB_OFFLINE"] = "1" };

        var options = ModelStoreOptions.FromEnvironment(variables.GetValueOrDefault);

        Assert.Equal((home["hub"], "http://mirror:8080/", "hf_fromfile", true), (options.CacheDirectory, options.Endpoint.ToString(), options.Token, options.Offline));
        Assert.DoesNotContain("hf_fromfile", options.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_sign_in_counts_at_once_and_the_environment_goes_before_it()
    {
        using var home = new Slipway.Testing.TempDirectory();
        var variables = new Dictionary<string, string> { ["HF_HOME"] = home.Path };
        var options = ModelStoreOptions.FromEnvironment(variables.GetValueOrDefault);
        Assert.Null(options.Token);
        options.TokenFile!.Save("hf_new");
        Assert.Equal("hf_new", options.Token);
        Assert.Equal("hf_new", (options with { Offline = true }).Token);
        Assert.Null(options.WithoutToken().Token);
        variables["HF_TOKEN"] = "hf_first";
        var given = ModelStoreOptions.FromEnvironment(variables.GetValueOrDefault);
        Assert.Equal("hf_first", given.Token);
        Assert.Null(given.WithoutToken().Token);
        options.TokenFile.Delete();
        Assert.Null(options.Token);
    }
}
