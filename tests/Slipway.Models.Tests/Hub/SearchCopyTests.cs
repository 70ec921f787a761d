using Slipway.Models.Hub.Search;
using Slipway.Models.Store;

namespace Slipway.Models.Tests.Hub;

/// <summary>What is found when the hub is not asked, or does not answer.</summary>
public sealed class SearchCopyTests : IDisposable
{
    private readonly SearchFixture _fixture = new();

    public SearchCopyTests() => _fixture.Hub.Rows[""] = StubListing.Rows("org", 65);

    [Fact]
    public async Task A_minute_old_copy_is_used_without_asking_and_an_older_one_confirmed()
    {
        await _fixture.FindAsync(new SearchQuery());
        _fixture.Time.Advance(TimeSpan.FromSeconds(59));
        var copy = await _fixture.FindAsync(new SearchQuery());
        var asked = _fixture.Hub.Calls.Count;
        _fixture.Time.Advance(TimeSpan.FromSeconds(1));
        var confirmed = await _fixture.FindAsync(new SearchQuery());
        var again = await _fixture.FindAsync(new SearchQuery());

        Assert.Equal((SearchOrigin.Cache, TimeSpan.FromSeconds(59), null, 1), (copy.Origin, copy.Age, copy.Because, asked));
        Assert.Equal((SearchOrigin.Hub, TimeSpan.Zero), (confirmed.Origin, confirmed.Age));
        Assert.NotEmpty(_fixture.Hub.Calls[1].Headers.IfNoneMatch);
        Assert.Equal((SearchOrigin.Cache, 2), (again.Origin, _fixture.Hub.Calls.Count));
        Assert.Equal(30, confirmed.Items.Count);
        Assert.NotNull(confirmed.Next);
    }

    [Fact]
    public async Task An_old_copy_stands_in_for_a_hub_out_of_reach_and_says_so()
    {
        var before = await _fixture.AllAsync(new SearchQuery());
        _fixture.Time.Advance(TimeSpan.FromDays(3));
        _fixture.Hub.Down = true;

        var after = await _fixture.AllAsync(new SearchQuery());

        Assert.Equal(before.SelectMany(static p => p.Items).Select(static m => m.Id), after.SelectMany(static p => p.Items).Select(static m => m.Id));
        Assert.All(after, static p => Assert.Equal((SearchOrigin.Cache, TimeSpan.FromDays(3), ModelErrorKind.HubUnavailable), (p.Origin, p.Age, p.Because!.Kind)));
    }

    [Fact]
    public async Task A_busy_hub_is_stood_in_for_too_but_a_refused_token_is_not()
    {
        await _fixture.FindAsync(new SearchQuery());
        _fixture.Time.Advance(TimeSpan.FromHours(1));
        _fixture.Hub.Order(429, "", ("Retry-After", "60")).Order(401);

        var busy = await _fixture.FindAsync(new SearchQuery());
        var refused = await _fixture.FailAsync(new SearchQuery());

        Assert.Equal((SearchOrigin.Cache, ModelErrorKind.RateLimited), (busy.Origin, busy.Because!.Kind));
        Assert.Equal(ModelErrorKind.GatedOrPrivate, refused.Kind);
    }

    [Fact]
    public async Task Another_token_does_not_see_the_copies_of_the_first()
    {
        _fixture.Options = _fixture.Options with { Token = "hf_one" };
        await _fixture.FindAsync(new SearchQuery());
        (_fixture.Options, _fixture.Hub.Down) = (_fixture.Options with { Token = "hf_two" }, true);

        Assert.Equal(SearchOrigin.BundledCatalogue, (await _fixture.FindAsync(new SearchQuery())).Origin);
    }

    [Fact]
    public async Task A_damaged_copy_is_fetched_anew()
    {
        await _fixture.FindAsync(new SearchQuery());
        var file = Assert.Single(Directory.GetFiles(_fixture.CacheFolder));
        var bytes = await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken);
        await File.WriteAllBytesAsync(file, bytes[..(bytes.Length / 2)], TestContext.Current.CancellationToken);

        var page = await _fixture.FindAsync(new SearchQuery());

        Assert.Equal((SearchOrigin.Hub, 30), (page.Origin, page.Items.Count));
        Assert.Empty(_fixture.Hub.Calls[^1].Headers.IfNoneMatch);
    }

    [Fact]
    public async Task The_copies_are_bounded()
    {
        for (var i = 0; i < ListingCache.MaxFiles + 5; i++) await _fixture.FindAsync(new SearchQuery { Text = $"model {i}" });

        Assert.Equal(ListingCache.MaxFiles, Directory.GetFiles(_fixture.CacheFolder).Length);
    }

    [Fact]
    public async Task A_disk_that_cannot_be_written_costs_the_copies_only()
    {
        _fixture.Directory.Write("hub-search", [1]);

        Assert.Equal(30, (await _fixture.FindAsync(new SearchQuery())).Items.Count);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Without_network_and_copies_the_bundled_catalogue_answers_and_says_so(bool forbidden)
    {
        (_fixture.Options, _fixture.Hub.Down) = (_fixture.Options with { Offline = forbidden }, true);

        var pages = await _fixture.AllAsync(new SearchQuery { Text = "qwen3 8B-AWQ", Task = SearchTask.Chat });

        var page = Assert.Single(pages);
        Assert.Equal("Qwen/Qwen3-8B-AWQ", Assert.Single(page.Items).Id);
        Assert.Equal((SearchOrigin.BundledCatalogue, TimeSpan.FromDays(6)), (page.Origin, page.Age));
        Assert.Contains(forbidden ? "HF_HUB_OFFLINE" : "Connection refused", page.Because!.Message, StringComparison.Ordinal);
        Assert.Equal(forbidden ? 0 : 1, _fixture.Hub.Calls.Count);
    }

    [Fact]
    public async Task The_catalogue_has_the_models_of_the_facts_and_no_invented_figures()
    {
        _fixture.Hub.Down = true;
        var facts = Csv.Read(Csv.Shared("data", "fit-cases.csv")).ToDictionary(static r => r["model_id"], StringComparer.Ordinal);

        var found = (await _fixture.AllAsync(new SearchQuery())).SelectMany(static p => p.Items).ToList();

        Assert.Equal(facts.Keys.Order(StringComparer.Ordinal), found.Select(static m => m.Id).Order(StringComparer.Ordinal));
        Assert.All(found, m => Assert.Equal((facts[m.Id]["params_total"], facts[m.Id]["architecture"]), ($"{m.Parameters}", m.Architecture)));
        Assert.All(found, static m => Assert.Equal((null, null, null, ModelAccess.Unknown), (m.Downloads, m.Likes, m.Licence, m.Access)));
    }

    [Fact]
    public async Task What_the_catalogue_lacks_is_an_error_and_no_empty_list()
    {
        _fixture.Hub.Down = true;

        var error = await _fixture.FailAsync(new SearchQuery { Text = "no such model" });

        Assert.Equal(ModelErrorKind.HubUnavailable, error.Kind);
        Assert.Contains("catalogue has no such model", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("downloaded", error.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _fixture.Dispose();
}
