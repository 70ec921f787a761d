using System.Text.Json.Nodes;
using Slipway.Models.Hub.Search;
using Slipway.Models.Memory;
using Slipway.Models.Store;

namespace Slipway.Models.Tests.Hub;

public sealed class ModelSearchTests : IDisposable
{
    private readonly SearchFixture _fixture = new();

    [Fact]
    public async Task A_model_is_described_by_what_its_row_says()
    {
        _fixture.Hub.Rows[""] = [StubListing.Row("Qwen/Qwen3-8B", score: 42)];

        var page = await _fixture.FindAsync(new SearchQuery());

        var model = Assert.Single(page.Items);
        Assert.Equal((SearchOrigin.Hub, TimeSpan.Zero, null, null), (page.Origin, page.Age, page.Next, page.Because));
        Assert.Equal(("Qwen/Qwen3-8B", "https://hub.test/Qwen/Qwen3-8B"), (model.Id, model.PageAddress.ToString()));
        Assert.Equal(("text-generation", "transformers", "apache-2.0", "Qwen3ForCausalLM"), (model.Task, model.Library, model.Licence, model.Architecture));
        Assert.Equal((42_000, 420, 42.0), (model.Downloads, model.Likes, model.TrendingScore));
        Assert.Equal((8_190_735_360, "safetensors.total", 16_381_470_720), (model.Parameters, model.ParametersSource, model.WeightBytes));
        Assert.Equal(new DateTimeOffset(2025, 7, 26, 3, 49, 13, TimeSpan.Zero), model.Modified);
        Assert.Equal((ModelAccess.Open, null), (model.Access, model.ToDo));
    }

    [Fact]
    public async Task Every_condition_that_the_hub_checks_is_asked_of_it()
    {
        await _fixture.FindAsync(new SearchQuery
        {
            Text = "qwen 3&limit=9",
            Author = "Qwen",
            Task = SearchTask.Rerank,
            Tags = ["awq", "base_model:Qwen/Qwen3-8B"],
            Licence = "apache-2.0",
            Engine = ServingEngine.Vllm,
            Gated = false,
            Sort = SearchSort.Modified,
            Limit = 7,
        });

        var call = Assert.Single(_fixture.Hub.Calls).RequestUri!;
        Assert.StartsWith("https://hub.test/api/models?search=qwen%203%26limit%3D9&author=Qwen&pipeline_tag=text-ranking", call.OriginalString, StringComparison.Ordinal);
        foreach (var part in (string[])["filter=awq", "filter=base_model:Qwen/Qwen3-8B", "filter=license:apache-2.0", "filter=safetensors", "gated=false", "sort=lastModified", "direction=-1", "expand[]=safetensors", "limit=7"])
            Assert.Contains("&" + part, Uri.UnescapeDataString(call.Query) + "&", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(SearchSort.Trending, "trendingScore")]
    [InlineData(SearchSort.Downloads, "downloads")]
    [InlineData(SearchSort.Likes, "likes")]
    [InlineData(SearchSort.Created, "createdAt")]
    public async Task The_order_is_the_hubs(SearchSort sort, string name)
    {
        await _fixture.FindAsync(new SearchQuery { Sort = sort });

        Assert.Contains($"?sort={name}&", Assert.Single(_fixture.Hub.Queries), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(SearchTask.Chat, "text-generation")]
    [InlineData(SearchTask.Embedding, "feature-extraction", "sentence-similarity")]
    [InlineData(SearchTask.Rerank, "text-ranking")]
    [InlineData(SearchTask.Speech, "automatic-speech-recognition", "text-to-speech")]
    [InlineData(SearchTask.Vision, "image-text-to-text")]
    public async Task A_task_is_asked_for_by_the_hubs_names(SearchTask task, params string[] names)
    {
        await _fixture.FindAsync(new SearchQuery { Task = task });

        Assert.Equal(names.Select(static n => $"?pipeline_tag={n}"), _fixture.Hub.Queries.Select(static q => q.Split('&')[0]));
    }

    [Fact]
    public async Task Every_page_is_reached_in_order()
    {
        _fixture.Hub.Rows["text-generation"] = StubListing.Rows("org", 250);

        var pages = await _fixture.AllAsync(new SearchQuery { Task = SearchTask.Chat, Limit = 40 });

        Assert.Equal(7, pages.Count);
        Assert.Equal(Enumerable.Range(0, 250).Select(static i => $"org/model-{i}"), pages.SelectMany(static p => p.Items).Select(static m => m.Id));
    }

    [Fact]
    public async Task Two_tasks_of_the_hub_make_one_sorted_list()
    {
        _fixture.Hub.Rows["feature-extraction"] = StubListing.Rows("a", 45, "feature-extraction", first: 100, step: 1);
        _fixture.Hub.Rows["sentence-similarity"] = StubListing.Rows("b", 12, "sentence-similarity", first: 90.5, step: 3);

        var found = (await _fixture.AllAsync(new SearchQuery { Task = SearchTask.Embedding, Limit = 10 })).SelectMany(static p => p.Items).ToList();

        Assert.Equal(57, found.Select(static m => m.Id).Distinct().Count());
        Assert.Equal(found.OrderByDescending(static m => m.TrendingScore).Select(static m => m.Id), found.Select(static m => m.Id));
    }

    [Fact]
    public async Task Size_and_the_callers_condition_are_checked_here_and_what_is_left_out_is_counted()
    {
        _fixture.Hub.Rows[""] =
        [
            StubListing.Row("a/small", parameters: 600_000_000), StubListing.Row("a/fits"), StubListing.Row("a/unwanted"),
            StubListing.Row("a/large", parameters: 70_000_000_000), StubListing.Row("a/unknown", parameters: null),
        ];
        var query = new SearchQuery { MinParameters = 1_000_000_000, MaxParameters = 10_000_000_000, Keep = static m => m.Id != "a/unwanted" };

        var page = await _fixture.FindAsync(query);
        var known = await _fixture.FindAsync(query with { KeepUnknown = false });

        Assert.Equal(["a/fits", "a/unknown"], page.Items.Select(static m => m.Id));
        Assert.Equal(3, page.LeftOut);
        Assert.Equal(["a/fits"], known.Items.Select(static m => m.Id));
    }

    [Fact]
    public async Task What_is_packed_otherwise_or_too_large_for_the_memory_is_left_out_and_an_unknown_size_is_as_asked()
    {
        _fixture.Hub.Rows[""] =
        [
            StubListing.Row("a/fits", parameters: 7_000_000_000), StubListing.Row("a/large", parameters: 70_000_000_000), StubListing.Row("a/unknown", parameters: null),
            StubListing.Row("a/file", parameters: null, format: "gguf"),
        ];
        async Task<string[]> Ids(SearchQuery query) => [.. (await _fixture.FindAsync(query)).Items.Select(static m => m.Id)];

        Assert.Equal(["a/fits", "a/unknown", "a/file"], await Ids(new SearchQuery { FitsIn = 24_000_000_000 }));
        Assert.Equal(["a/fits"], await Ids(new SearchQuery { FitsIn = 24_000_000_000, KeepUnknown = false }));
        Assert.Empty(await Ids(new SearchQuery { FitsIn = 1_000_000_000, KeepUnknown = false }));
        Assert.Equal(["a/file"], await Ids(new SearchQuery { Quantization = "GGUF" }));
    }

    [Theory]
    [InlineData(ServingEngine.LlamaCpp, "gguf", "a/file")]
    [InlineData(ServingEngine.Vllm, "safetensors", "a/folder")]
    [InlineData(ServingEngine.Sglang, "safetensors", "a/folder")]
    public async Task An_engine_gets_the_format_that_it_reads(ServingEngine engine, string filter, string id)
    {
        _fixture.Hub.Rows[""] = [StubListing.Row("a/file", format: "gguf"), StubListing.Row("a/folder"), StubListing.Row("a/unknown").With("tags", null)];

        var known = await _fixture.FindAsync(new SearchQuery { Engine = engine, KeepUnknown = false });
        var all = await _fixture.FindAsync(new SearchQuery { Engine = engine });

        Assert.Contains($"filter={filter}&", _fixture.Hub.Queries.First(), StringComparison.Ordinal);
        Assert.Equal([id], known.Items.Select(static m => m.Id));
        Assert.Equal([id, "a/unknown"], all.Items.Select(static m => m.Id));
    }

    [Fact]
    public async Task A_condition_that_few_meet_is_looked_for_on_several_pages_but_not_on_all()
    {
        _fixture.Hub.Rows[""] = StubListing.Rows("org", 100);

        var found = await _fixture.FindAsync(new SearchQuery { Limit = 10, Keep = static m => m.Id == "org/model-25" });
        var none = await _fixture.FindAsync(new SearchQuery { Limit = 10, Keep = static _ => false });

        Assert.Equal(("org/model-25", 29), (Assert.Single(found.Items).Id, found.LeftOut));
        Assert.Empty(none.Items);
        Assert.Equal(50, none.LeftOut);
        Assert.NotNull(none.Next);
    }

    [Theory]
    [InlineData("\"auto\"", ModelAccess.GatedAuto, "Accept the terms at https://hub.test/meta/llama")]
    [InlineData("\"manual\"", ModelAccess.GatedManual, "Ask for access at https://hub.test/meta/llama")]
    public async Task A_gated_model_is_shown_with_what_to_do(string gated, ModelAccess access, string toDo)
    {
        _fixture.Hub.Rows[""] = [StubListing.Row("meta/llama").With("gated", JsonNode.Parse(gated)), StubListing.Row("open/model")];

        var all = await _fixture.FindAsync(new SearchQuery());
        var open = await _fixture.FindAsync(new SearchQuery { Gated = false });

        Assert.Equal(access, all.Items[0].Access);
        Assert.StartsWith(toDo, all.Items[0].ToDo, StringComparison.Ordinal);
        Assert.Equal("open/model", Assert.Single(open.Items).Id);
    }

    [Fact]
    public async Task A_continuation_of_another_search_is_refused()
    {
        _fixture.Hub.Rows[""] = StubListing.Rows("org", 100);
        var page = await _fixture.FindAsync(new SearchQuery());

        var other = await _fixture.FailAsync(new SearchQuery { Next = page.Next, Sort = SearchSort.Likes });
        var nonsense = await _fixture.FailAsync(new SearchQuery { Next = "%%%" });

        Assert.Equal((ModelErrorKind.InvalidQuery, ModelErrorKind.InvalidQuery), (other.Kind, nonsense.Kind));
        Assert.Contains("first page", other.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_query_that_no_hub_could_answer_is_refused_without_asking()
    {
        SearchQuery[] queries =
        [
            new() { Author = "../x" }, new() { Tags = ["a&b=c"] }, new() { Licence = "mit\n" }, new() { Limit = 0 }, new() { Limit = 101 },
            new() { Text = new string('a', 201) }, new() { MinParameters = 2, MaxParameters = 1 }, new() { Tags = [.. Enumerable.Repeat("gguf", 21)] },
        ];

        foreach (var query in queries) Assert.Equal(ModelErrorKind.InvalidQuery, (await _fixture.FailAsync(query)).Kind);
        Assert.Empty(_fixture.Hub.Calls);
    }

    public void Dispose() => _fixture.Dispose();
}
