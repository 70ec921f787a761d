using System.Text;
using Slipway.Models.Hub.Search;
using Slipway.Models.Store;
using Slipway.Models.Tests.Store;

namespace Slipway.Models.Tests.Hub;

public sealed class SearchFailureTests : IDisposable
{
    private const string Secret = "hf_secret";

    private readonly SearchFixture _fixture = new();

    [Fact]
    public async Task A_rate_limit_is_handed_on_with_its_wait_and_kept()
    {
        _fixture.Hub.Order(429, "", ("RateLimit", "\"api\";r=0;t=55"), ("RateLimit-Policy", "\"fixed window\";\"api\";q=500;w=300"));
        using var search = new ModelSearch(_fixture.Options, handler: _fixture.Hub);

        var first = Assert.IsType<SearchResult.Failed>(await search.SearchAsync(new SearchQuery(), TestContext.Current.CancellationToken)).Error;
        _fixture.Time.Advance(TimeSpan.FromSeconds(30));
        var second = Assert.IsType<SearchResult.Failed>(await search.SearchAsync(new SearchQuery(), TestContext.Current.CancellationToken)).Error;
        var asked = _fixture.Hub.Calls.Count;
        _fixture.Time.Advance(TimeSpan.FromSeconds(26));
        var third = await search.SearchAsync(new SearchQuery(), TestContext.Current.CancellationToken);

        Assert.Equal((ModelErrorKind.RateLimited, TimeSpan.FromSeconds(55)), (first.Kind, first.RetryAfter));
        Assert.Contains("HF_TOKEN", first.Message, StringComparison.Ordinal);
        Assert.Equal((TimeSpan.FromSeconds(25), 1), (second.RetryAfter!.Value, asked));
        Assert.IsType<SearchResult.Page>(third);
    }

    [Fact]
    public async Task Retry_After_is_read_too()
    {
        _fixture.Hub.Order(429, "", ("Retry-After", "120"));

        Assert.Equal(TimeSpan.FromMinutes(2), (await _fixture.FailAsync(new SearchQuery())).RetryAfter);
    }

    [Fact]
    public async Task The_last_allowed_request_is_the_last_until_the_window_ends()
    {
        (_fixture.Hub.Rows[""], _fixture.Hub.RateLimit) = (StubListing.Rows("org", 100), "\"api\";r=0;t=100");
        using var search = new ModelSearch(_fixture.Options, handler: _fixture.Hub);

        var page = Assert.IsType<SearchResult.Page>(await search.SearchAsync(new SearchQuery(), TestContext.Current.CancellationToken));
        var next = Assert.IsType<SearchResult.Failed>(await search.SearchAsync(new SearchQuery { Next = page.Next }, TestContext.Current.CancellationToken)).Error;

        Assert.Equal((ModelErrorKind.RateLimited, 1), (next.Kind, _fixture.Hub.Calls.Count));
    }

    [Theory]
    [InlineData(401, null, ModelErrorKind.GatedOrPrivate, "with a token")]
    [InlineData(401, Secret, ModelErrorKind.GatedOrPrivate, "does not take your token")]
    [InlineData(403, Secret, ModelErrorKind.GatedOrPrivate, "settings/tokens")]
    [InlineData(400, null, ModelErrorKind.InvalidQuery, "first page")]
    public async Task A_refusal_says_what_to_do_and_never_the_token(int status, string? token, ModelErrorKind kind, string text)
    {
        _fixture.Options = _fixture.Options with { Token = token };
        _fixture.Hub.Order(status, "{\"error\":\"Invalid credentials in Authorization header\"}", ("X-Error-Message", "Invalid credentials"));

        var error = await _fixture.FailAsync(new SearchQuery());

        Assert.Equal(kind, error.Kind);
        Assert.Contains(text, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[{\"id\":\"a/b\",\"tags\":[\"x\"", "no sound JSON")]
    [InlineData("[{\"id\":\"a/b\"}] trailing", "no sound JSON")]
    [InlineData("{\"error\":\"Internal\"}", "list of models belongs")]
    [InlineData("<html>Sign in to the network</html>", "no sound JSON")]
    [InlineData("", "no sound JSON")]
    public async Task An_answer_that_is_no_list_is_never_an_empty_list(string body, string text)
    {
        _fixture.Hub.Order(200, body);

        var error = await _fixture.FailAsync(new SearchQuery { Text = "no such model in the catalogue" });

        Assert.Equal(ModelErrorKind.HubUnavailable, error.Kind);
        Assert.Contains(text, error.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_fixture.CacheFolder));
    }

    [Fact]
    public async Task A_short_trouble_is_tried_again_once()
    {
        _fixture.Options = _fixture.Options with { MaxRetries = 4, RetryDelay = TimeSpan.Zero };
        _fixture.Hub.Rows[""] = StubListing.Rows("org", 3);
        _fixture.Hub.Order(429, "", ("RateLimit", "\"api\";r=0;t=0"));
        var busy = await _fixture.FindAsync(new SearchQuery { Text = "busy" });
        _fixture.Hub.Order(503);
        var broken = await _fixture.FindAsync(new SearchQuery { Text = "broken" });
        _fixture.Hub.Order(500).Order(500);
        var gone = await _fixture.FailAsync(new SearchQuery { Text = "no such model in the catalogue" });

        Assert.Equal((SearchOrigin.Hub, SearchOrigin.Hub), (busy.Origin, broken.Origin));
        Assert.Equal((ModelErrorKind.HubUnavailable, true, 6), (gone.Kind, gone.Retryable, _fixture.Hub.Calls.Count));
        Assert.Contains("500", gone.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_without_search_is_named_and_the_catalogue_given()
    {
        await using var files = await HubFixture.StartAsync();
        using var search = new ModelSearch(files.Options());

        var page = Assert.IsType<SearchResult.Page>(await search.SearchAsync(new SearchQuery(), TestContext.Current.CancellationToken));

        Assert.Equal(SearchOrigin.BundledCatalogue, page.Origin);
        Assert.Contains("answered 404", page.Because!.Message, StringComparison.Ordinal);
        Assert.Contains("HF_ENDPOINT", page.Because.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Giving_up_is_an_exception()
    {
        using var stop = new CancellationTokenSource();
        _fixture.Hub.Order(_ => new HttpResponseMessage { Content = new StreamContent(new Silent(new TaskCompletionSource())) });
        using var search = new ModelSearch(_fixture.Options, handler: _fixture.Hub);

        var searching = search.SearchAsync(new SearchQuery(), stop.Token);
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => searching);
    }

    [Fact]
    public async Task A_page_without_end_is_cut_off()
    {
        _fixture.Hub.Order(_ => new HttpResponseMessage { Content = new StreamContent(new Endless()) });

        var error = await _fixture.FailAsync(new SearchQuery { Text = "no such model in the catalogue" });

        Assert.Contains("larger than 16 MiB", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_page_that_does_not_come_is_given_up()
    {
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _fixture.Hub.Order(_ => new HttpResponseMessage { Content = new StreamContent(new Silent(asked)) });

        var searching = _fixture.FailAsync(new SearchQuery { Text = "no such model in the catalogue" });
        await asked.Task;
        _fixture.Time.Advance(_fixture.Options.IdleTimeout);

        Assert.Contains("silent for too long", (await searching).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_token_goes_to_the_hub_alone()
    {
        _fixture.Options = _fixture.Options with { Token = Secret };
        (_fixture.Hub.Rows[""], _fixture.Hub.LinkOrigin) = (StubListing.Rows("org", 65), "https://elsewhere.test");
        _fixture.Hub.Order(302, "", ("Location", "https://elsewhere.test/api/models?limit=30"));

        var pages = await _fixture.AllAsync(new SearchQuery());

        Assert.Equal(65, pages.Sum(static p => p.Items.Count));
        var authorised = _fixture.Hub.Calls.ToLookup(static c => c.RequestUri!.Host, static c => c.Headers.Authorization?.Parameter);
        Assert.Equal([null], authorised["elsewhere.test"]);
        Assert.All(authorised["hub.test"], static token => Assert.Equal(Secret, token));
        Assert.DoesNotContain(Directory.GetFiles(_fixture.CacheFolder), static f => File.ReadAllText(f).Contains(Secret, StringComparison.Ordinal) || f.Contains(Secret, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_link_that_cannot_be_read_is_said_so_rather_than_taken_for_the_end()
    {
        _fixture.Hub.Order(200, "[]", ("Link", "<https://hub.test/api/models?page=2>; rel=\"next\""));

        Assert.Contains("next page", (await _fixture.FailAsync(new SearchQuery { Text = "no such model in the catalogue" })).Message, StringComparison.Ordinal);
    }

    public void Dispose() => _fixture.Dispose();

    private sealed class Endless : Blank
    {
        public override int Read(byte[] buffer, int offset, int count)
        {
            Encoding.ASCII.GetBytes("[").CopyTo(buffer, offset);
            buffer.AsSpan(offset + 1, count - 1).Fill((byte)' ');
            return count;
        }
    }

    private sealed class Silent(TaskCompletionSource asked) : Blank
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            asked.TrySetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
            return 0;
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }

    private abstract class Blank : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
