using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using Slipway.Models.Hub;
using Slipway.Models.Hub.Search;

namespace Slipway.Models.Tests.Hub;

public sealed class ListingParserTests
{
    private static readonly Uri s_endpoint = new("https://hub.test");

    private static readonly byte[] s_sound = Encoding.UTF8.GetBytes(new JsonArray(
        StubListing.Row("Qwen/Qwen3-8B"),
        StubListing.Row("a/b").With("gguf", JsonNode.Parse("{\"total\":123,\"architecture\":\"llama\",\"chat_template\":\"x\"}")).With("gated", "auto"),
        StubListing.Row("c/d\u00e9")).ToJsonString());

    [Theory]
    [InlineData("""{"parameters":{"BF16":10,"F32":6},"total":16}""", null, 16L, 44L)]
    [InlineData("""{"parameters":{"BF16":10,"F32":6}}""", null, 16L, 44L)]
    [InlineData("""{"total":16}""", null, 16L, null)]
    [InlineData("""{"parameters":{"F16":1000,"I64":2},"total":1002}""", null, 1002L, 2016L)]
    [InlineData("""{"parameters":{"F16":1000,"I32":450},"total":1450}""", "awq", null, null)]
    [InlineData("""{"parameters":{"BF16":2167371072,"U8":118244966400},"total":120412337472}""", "mxfp4", 120412337472, null)]
    [InlineData("""{"parameters":{"F4":6,"NEW":1},"total":7}""", null, 7L, null)]
    [InlineData("""{"parameters":{},"total":0}""", null, null, null)]
    [InlineData("""{"parameters":{"BF16":-1},"total":-1}""", null, null, null)]
    [InlineData("""{"parameters":"many","total":1e99}""", null, null, null)]
    [InlineData("""[1,2]""", null, null, null)]
    public void Sizes_that_pack_several_weights_into_an_element_are_unknown(string safetensors, string? method, long? parameters, long? bytes)
    {
        var row = StubListing.Row("a/b").With("safetensors", JsonNode.Parse(safetensors));
        row["config"]!["quantization_config"] = new JsonObject { ["quant_method"] = method };

        var model = Assert.Single(Parse(new JsonArray(row)).Models);

        Assert.Equal((parameters, bytes, method), (model.Parameters, model.WeightBytes, model.Quantisation));
    }

    [Fact]
    public void A_gguf_file_states_its_own_count()
    {
        var row = StubListing.Row("a/b-GGUF", parameters: null, format: "gguf").With("gguf", JsonNode.Parse("""{"total":8030261312,"architecture":"llama","context_length":131072}"""));

        var model = Assert.Single(Parse(new JsonArray(row)).Models);

        Assert.Equal((8_030_261_312, "gguf.total", "gguf", null), (model.Parameters, model.ParametersSource, model.Quantisation, model.WeightBytes));
    }

    [Fact]
    public void Absent_fields_and_fields_of_another_kind_are_unknown()
    {
        var listing = Parse(JsonNode.Parse("""
            [{"id":"a/b"},
             {"id":"a/c","downloads":"many","likes":-3,"tags":{"x":[1]},"gated":null,"createdAt":"soon","config":[[]],"gguf":7,"pipeline_tag":{},"private":"no","trendingScore":[1]},
             {"downloads":1}, 7, [[{}]], null, {"id":"../../etc"}, {"id":7}, {"modelId":"a/d"}]
            """)!);

        Assert.Equal((["a/b", "a/c", "a/d"], 6, null), (listing.Models.Select(static m => m.Id).ToArray(), listing.Unreadable, listing.Fault), Comparer);
        Assert.All(listing.Models, static m => Assert.Equal(
            (null, null, null, null, null, ModelAccess.Unknown), (m.Downloads, m.Likes, m.Created, m.Parameters, m.Task, m.Access)));
        Assert.All(listing.Models, static m => Assert.Empty(m.Tags));
    }

    [Fact]
    public void Fields_and_rows_are_bounded()
    {
        var row = StubListing.Row("a/b").With("tags", new JsonArray([.. Enumerable.Range(0, 5000).Select(static i => (JsonNode)$"tag-{i}")])).With("library_name", new string('x', 5000));
        var many = new JsonArray([.. Enumerable.Range(0, ListingParser.MaxRows + 1).Select(static i => (JsonNode)new JsonObject { ["id"] = $"a/{i}" })]);

        var model = Assert.Single(Parse(new JsonArray(row)).Models);

        Assert.Equal((300, null), (model.Tags.Count, model.Library));
        Assert.NotNull(Parse(many).Fault);
    }

    [Theory]
    [InlineData("[{\"id\":\"a/b\",\"library_name\":\"\\uD800\"}]")]
    [InlineData("[{\"\\uD800\":1}]")]
    public void Half_characters_are_a_fault(string json) => Assert.NotNull(ListingParser.Parse(Encoding.UTF8.GetBytes(json), s_endpoint).Fault);

    [Fact]
    public void Every_cut_is_a_fault()
    {
        for (var length = 0; length < s_sound.Length; length++) Assert.NotNull(ListingParser.Parse(s_sound.AsSpan(0, length), s_endpoint).Fault);
        Assert.Equal((2, 1), (ListingParser.Parse(s_sound, s_endpoint).Models.Count, ListingParser.Parse(s_sound, s_endpoint).Unreadable));
    }

    [Fact]
    public void Damage_is_never_an_exception_and_never_a_bad_id() =>
        Gen.Select(Gen.Int[0, s_sound.Length - 1], Gen.Byte).Array[1, 8].Sample(static damage =>
        {
            var bytes = s_sound.ToArray();
            foreach (var (at, value) in damage) bytes[at] = value;
            Assert.All(ListingParser.Parse(bytes, s_endpoint).Models, static m => Assert.Matches("^[A-Za-z0-9._/-]+$", m.Id));
        }, iter: 20_000);

    [Fact]
    public void Noise_is_never_an_exception() => Gen.Byte.Array[0, 200].Sample(static bytes =>
    {
        ListingParser.Parse(bytes, s_endpoint);
        CachedListing.Read(bytes);
    }, iter: 20_000);

    [Fact]
    public void A_copy_comes_back_as_it_was_kept() =>
        Gen.Select(Gen.Long[0, 253_402_300_799_999], Gen.String[Gen.Char['a', 'z'], 1, 40], Gen.String[1, 100], Gen.Byte.Array[0, 100]).Sample(static (time, tag, cursor, body) =>
        {
            // A lone surrogate cannot be written as UTF-8; the hub's cursors are ASCII.
            if (cursor.Any(char.IsSurrogate)) return;
            var kept = new CachedListing(DateTimeOffset.FromUnixTimeMilliseconds(time), $"W/\"{tag}\"", cursor, body);
            var read = CachedListing.Read(kept.ToBytes())!;
            Assert.Equal((kept.Asked, kept.ETag, kept.NextCursor), (read.Asked, read.ETag, read.NextCursor));
            Assert.Equal(kept.Body, read.Body);
        });

    [Fact]
    public void Cursors_come_back_and_noise_is_none()
    {
        string[] addresses = ["api/models?a", "api/models?b"];
        Gen.Select(Gen.String[Gen.Char[' ', '~'], 1, 60], Gen.Int[0, 1000], Gen.Bool).Sample((cursor, skip, ended) =>
        {
            var place = new SearchCursor([new StreamPlace(cursor, skip), ended ? new StreamPlace(Ended: true) : new StreamPlace()]);
            Assert.Equal(place.Streams, SearchCursor.Read(place.Write(addresses), addresses)!.Streams);
        });
        Gen.String[Gen.Char[' ', '~'], 0, 100].Sample(text => Assert.Null(SearchCursor.Read(text, addresses)));
    }

    [Theory]
    [InlineData("\"api\";r=0;t=55", 0, 55)]
    [InlineData("\"api\";r=498;t=210", 498, 210)]
    [InlineData("\"a,b;r=9\";r=50;t=30, \"daily\";r=3;t=3600", 3, 3600)]
    [InlineData("limit=100, remaining=0, reset=54", 0, 54)]
    [InlineData("\"api\";r=0", 0, null)]
    [InlineData("r=0;t=99999999999", 0, 86_400)]
    public void Quotas_are_read_in_each_drafts_form(string line, long remaining, int? seconds) =>
        Assert.Equal(new HubQuota(remaining, seconds is { } s ? TimeSpan.FromSeconds(s) : null), HubQuota.Parse(line));

    [Fact]
    public void A_quota_that_says_nothing_is_none()
    {
        Assert.Null(HubQuota.Parse("\"api\";q=500;w=300"));
        Gen.String[Gen.Char[' ', '~'], 0, 100].Sample(static line => { HubQuota.Parse(line); });
    }

    private static readonly EqualityComparer<(string[], int, string?)> Comparer = EqualityComparer<(string[], int, string?)>.Create(
        static (a, b) => a.Item1.SequenceEqual(b.Item1) && a.Item2 == b.Item2 && a.Item3 == b.Item3, static _ => 0);

    private static Listing Parse(JsonNode json) => ListingParser.Parse(Encoding.UTF8.GetBytes(json.ToJsonString()), s_endpoint);
}
