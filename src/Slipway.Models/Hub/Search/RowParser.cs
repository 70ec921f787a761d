using System.Text.Json;
using Slipway.Models.Store;

namespace Slipway.Models.Hub.Search;

/// <summary>Reads one model of a listing.</summary>
internal static class RowParser
{
    private const int MaxName = 200;
    private const int MaxTags = 300;

    /// <summary>Reads the object that the reader is at, to its end; null when it names no model.</summary>
    public static FoundModel? Read(ref Utf8JsonReader json, Uri endpoint)
    {
        string? id = null, task = null, library = null, architecture = null, quantisation = null;
        long? downloads = null, likes = null, ggufTotal = null;
        double? trending = null;
        DateTimeOffset? created = null, modified = null;
        bool? isPrivate = null;
        var gated = ModelAccess.Unknown;
        IReadOnlyList<string> tags = [];
        var weights = new ListedWeights();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var name = json.ValueSpan.Length <= 32 ? json.GetString() : null;
            json.Read();
            switch (name)
            {
                case "id" or "modelId": id = JsonText.Text(ref json, MaxName) ?? id; break;
                case "pipeline_tag": task = JsonText.Text(ref json, MaxName); break;
                case "library_name": library = JsonText.Text(ref json, MaxName); break;
                case "downloads": downloads = JsonText.Count(ref json); break;
                case "likes": likes = JsonText.Count(ref json); break;
                case "trendingScore": trending = JsonText.Number(ref json); break;
                case "createdAt": created = JsonText.Date(ref json); break;
                case "lastModified": modified = JsonText.Date(ref json); break;
                case "private" when json.TokenType is JsonTokenType.True or JsonTokenType.False: isPrivate = json.GetBoolean(); break;
                case "gated": gated = Gate(ref json); break;
                case "tags": tags = Tags(ref json); break;
                case "safetensors": weights = ListedWeights.Read(ref json); break;
                case "gguf": ggufTotal = GgufTotal(ref json); break;
                case "config": (architecture, quantisation) = ConfigExcerpt.Read(ref json); break;
                default: json.Skip(); break;
            }
        }

        if (id is null || !ModelNames.IsRepoId(id)) return null;
        quantisation ??= tags.Contains("gguf") ? "gguf" : null;
        var parameters = ggufTotal ?? weights.Parameters(quantisation);
        return new FoundModel
        {
            Id = id,
            PageAddress = new Uri(endpoint, "/" + id),
            Task = task,
            Library = library,
            Tags = tags,
            Licence = tags.FirstOrDefault(static t => t.StartsWith("license:", StringComparison.Ordinal))?["license:".Length..],
            Downloads = downloads,
            Likes = likes,
            TrendingScore = trending,
            Created = created,
            Modified = modified,
            Access = isPrivate is true ? ModelAccess.Private : gated,
            Architecture = architecture,
            Quantisation = quantisation,
            Parameters = parameters,
            ParametersSource = parameters is null ? null : ggufTotal is not null ? "gguf.total" : "safetensors.total",
            WeightBytes = weights.Bytes,
        };
    }

    /// <summary><c>false</c>, <c>"auto"</c> or <c>"manual"</c>.</summary>
    private static ModelAccess Gate(ref Utf8JsonReader json)
    {
        var access = json.TokenType switch
        {
            JsonTokenType.False => ModelAccess.Open,
            JsonTokenType.String when json.ValueTextEquals("auto"u8) => ModelAccess.GatedAuto,
            JsonTokenType.String or JsonTokenType.True => ModelAccess.GatedManual,
            _ => ModelAccess.Unknown,
        };
        json.Skip();
        return access;
    }

    private static List<string> Tags(ref Utf8JsonReader json)
    {
        var tags = new List<string>();
        if (json.TokenType != JsonTokenType.StartArray)
        {
            json.Skip();
            return tags;
        }

        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            if (tags.Count == MaxTags) json.Skip();
            else if (JsonText.Text(ref json, MaxName) is { } tag) tags.Add(tag);
        }

        return tags;
    }

    private static long? GgufTotal(ref Utf8JsonReader json)
    {
        long? total = null;
        if (json.TokenType != JsonTokenType.StartObject)
        {
            json.Skip();
            return null;
        }

        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var isTotal = json.ValueTextEquals("total"u8);
            json.Read();
            if (isTotal) total = JsonText.Count(ref json);
            else json.Skip();
        }

        return total is 0 ? null : total;
    }
}
