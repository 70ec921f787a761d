using System.Net;
using System.Net.Sockets;
using Slipway.Models.Store;
using Slipway.Testing.Hub;

namespace Slipway.Models.Tests.Store;

public sealed class HubFailureTests
{
    [Fact]
    public async Task An_unknown_model_is_not_found()
    {
        await using var fixture = await HubFixture.StartAsync();

        var error = await fixture.FailAsync(new ModelRequest("nobody/nothing"));

        Assert.Equal(ModelErrorKind.NotFound, error.Kind);
        Assert.Contains("no model nobody/nothing", error.Message, StringComparison.Ordinal);
        Assert.False(error.Retryable);
    }

    [Fact]
    public async Task An_unknown_revision_is_named()
    {
        await using var fixture = await HubFixture.StartAsync();

        var error = await fixture.FailAsync(new ModelRequest(HubFixture.Id) { Revision = "v9" });

        Assert.Equal(ModelErrorKind.NotFound, error.Kind);
        Assert.Contains("no revision 'v9'", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "you may not read", "(401)")]
    [InlineData("hf_other", "your token may not read", "(403)")]
    public async Task A_gated_model_tells_where_to_accept_and_where_to_put_the_token(string? token, string who, string status)
    {
        await using var fixture = await HubFixture.StartAsync();
        (fixture.Repo.Token, fixture.Repo.Gated) = ("hf_secret", true);

        var error = await fixture.FailAsync(new ModelRequest(HubFixture.Id) { Token = token });

        Assert.Equal(ModelErrorKind.GatedOrPrivate, error.Kind);
        Assert.Contains(who, error.Message, StringComparison.Ordinal);
        Assert.Contains(status, error.Message, StringComparison.Ordinal);
        Assert.Contains($"{fixture.Hub.Endpoint}{HubFixture.Id}", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hf_other", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_long_rate_limit_is_handed_to_the_caller()
    {
        await using var fixture = await HubFixture.StartAsync();
        fixture.Hub.Fail(HubDoor.Revision, HubFailure.Status(429, retryAfter: TimeSpan.FromMinutes(5)));

        var error = await fixture.FailAsync();

        Assert.Equal((ModelErrorKind.RateLimited, TimeSpan.FromMinutes(5), true), (error.Kind, error.RetryAfter, error.Retryable));
        Assert.Single(fixture.Hub.Calls);
    }

    [Fact]
    public async Task A_short_rate_limit_is_waited_out()
    {
        await using var fixture = await HubFixture.StartAsync();
        fixture.Hub.Fail(HubDoor.Cdn, HubFailure.Status(429, retryAfter: TimeSpan.Zero));

        await fixture.SucceedAsync();

        Assert.Equal(2, fixture.Hub.Count(HubDoor.Cdn));
    }

    [Fact]
    public async Task Server_errors_are_retried_and_then_reported()
    {
        await using var fixture = await HubFixture.StartAsync();
        fixture.Hub.Fail(HubDoor.Tree, HubFailure.Status(500), times: 2);
        await fixture.SucceedAsync();

        fixture.Hub.Fail(HubDoor.Revision, HubFailure.Status(503), times: 100);
        var error = await fixture.FailAsync(new ModelRequest(HubFixture.Id) { Revision = fixture.Repo.Commit, Quantization = "Q8_0" });

        Assert.Equal((ModelErrorKind.HubUnavailable, true), (error.Kind, error.Retryable));
        Assert.Contains("503", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_dropped_connection_goes_on_where_it_stopped()
    {
        await using var fixture = await HubFixture.StartAsync();
        fixture.Hub.Fail(HubDoor.Cdn, HubFailure.Drop(afterBytes: 1000));

        await fixture.SucceedAsync();

        Assert.Equal([null, "bytes=1000-"], fixture.Hub.Calls.Where(static c => c.Door == HubDoor.Cdn).Select(static c => c.Range));
    }

    [Fact]
    public async Task A_download_that_stays_broken_is_kept_and_finished_by_the_next_run()
    {
        await using var fixture = await HubFixture.StartAsync();
        fixture.Hub.Fail(HubDoor.Cdn, HubFailure.Drop(afterBytes: 1000), times: 3);

        var error = await fixture.FailAsync();
        var model = await fixture.SucceedAsync();

        Assert.Equal((ModelErrorKind.HubUnavailable, true), (error.Kind, error.Retryable));
        Assert.Contains($"at 3000 of {HubFixture.Model.Length}", error.Message, StringComparison.Ordinal);
        Assert.Equal("bytes=3000-", fixture.Hub.Calls[^1].Range);
        Assert.Equal(HubFixture.Model.Length, model.Bytes);
    }

    [Fact]
    public async Task A_server_that_cannot_resume_sends_all_again()
    {
        await using var fixture = await HubFixture.StartAsync();
        fixture.Hub.Fail(HubDoor.Cdn, HubFailure.Drop(afterBytes: 1000)).Fail(HubDoor.Cdn, HubFailure.NoRanges());

        await fixture.SucceedAsync();

        Assert.Equal(2, fixture.Hub.Count(HubDoor.Cdn));
    }

    [Fact]
    public async Task Wrong_bytes_are_thrown_away()
    {
        await using var fixture = await HubFixture.StartAsync();
        fixture.Hub.Fail(HubDoor.Cdn, HubFailure.WrongBytes());

        var error = await fixture.FailAsync();

        Assert.Equal((ModelErrorKind.Corrupt, true), (error.Kind, error.Retryable));
        Assert.Contains("checksum", error.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(Path.Combine(fixture.CacheRoot, "models--slipway--random", "blobs")));
        await fixture.SucceedAsync();
    }

    [Fact]
    public async Task A_copy_that_is_too_short_on_the_server_is_truncated()
    {
        await using var fixture = await HubFixture.StartAsync();
        fixture.Hub.Fail(HubDoor.Cdn, HubFailure.Truncate(missing: 100));

        var error = await fixture.FailAsync();

        Assert.Equal(ModelErrorKind.Truncated, error.Kind);
        Assert.Contains($"has only {HubFixture.Model.Length - 100}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_silent_hub_is_given_up()
    {
        await using var fixture = await HubFixture.StartAsync();
        var never = new TaskCompletionSource();
        fixture.Hub.Fail(HubDoor.Revision, HubFailure.Silent(never.Task), times: 100);

        var error = await fixture.FailAsync(options: fixture.Options() with { IdleTimeout = TimeSpan.FromMilliseconds(50) });

        Assert.Equal(ModelErrorKind.HubUnavailable, error.Kind);
        Assert.Contains("silent", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_hub_that_is_not_there_is_named()
    {
        await using var fixture = await HubFixture.StartAsync();
        using var free = new TcpListener(IPAddress.Loopback, 0);
        free.Start();
        var endpoint = new Uri($"http://127.0.0.1:{((IPEndPoint)free.LocalEndpoint).Port}");
        free.Stop();

        var error = await fixture.FailAsync(options: fixture.Options() with { Endpoint = endpoint });

        Assert.Equal((ModelErrorKind.HubUnavailable, true), (error.Kind, error.Retryable));
        Assert.Contains(endpoint.Authority, error.Message, StringComparison.Ordinal);
        Assert.Contains("HF_ENDPOINT", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_web_page_instead_of_the_API_is_said_so()
    {
        await using var fixture = await HubFixture.StartAsync();
        fixture.Hub.Fail(HubDoor.Revision, HubFailure.Status(200), times: 100);

        var error = await fixture.FailAsync();

        Assert.Contains("does not answer like a Hugging Face hub", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Giving_up_is_an_exception_and_keeps_what_came()
    {
        await using var fixture = await HubFixture.StartAsync();
        var never = new TaskCompletionSource();
        fixture.Hub.Fail(HubDoor.Cdn, HubFailure.Silent(never.Task));
        using var stop = new CancellationTokenSource();
        using var store = new ModelStore(fixture.Options());

        var resolving = store.ResolveAsync(new ModelRequest(HubFixture.Id), new Cancelling(stop), stop.Token);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => resolving);
    }

    private sealed class Cancelling(CancellationTokenSource stop) : IProgress<DownloadProgress>
    {
        public void Report(DownloadProgress value) => stop.Cancel();
    }
}
