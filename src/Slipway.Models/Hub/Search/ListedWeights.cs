using System.Text.Json;
using Slipway.Models.Safetensors;

namespace Slipway.Models.Hub.Search;

/// <summary>The part <c>safetensors</c> of a row: <c>{"parameters": {"BF16": 8190735360}, "total": 8190735360}</c>.</summary>
/// <param name="Total">Elements that the hub counts; null when not listed.</param>
/// <param name="InContainers">Elements of types that may pack several weights.</param>
/// <param name="Bytes">Bytes of all elements; null when a type is not known or may pack several weights.</param>
internal sealed record ListedWeights(long? Total = null, long InContainers = 0, long? Bytes = null)
{
    private const int MaxTypes = 32;

    // Position tables and the like are whole numbers in any model; they are far below this share.
    private const double TellingShare = 0.01;

    /// <summary>Parameters; null when unknown.</summary>
    /// <param name="quantisation">The model's <c>quant_method</c>.</param>
    /// <remarks>
    /// An element of a GPTQ, AWQ or NVFP4 tensor holds several weights, and the hub counts it once. It unpacks MXFP4: gpt-oss-120b lists
    /// 120.4e9 elements, 118.2e9 of them U8, for 116.8e9 parameters and their scales.
    /// </remarks>
    public long? Parameters(string? quantisation) => Total is > 0 && (!Packed || quantisation == "mxfp4") ? Total : null;

    private bool Packed => InContainers > TellingShare * Total;

    /// <summary>Reads the value that the reader is at.</summary>
    public static ListedWeights Read(ref Utf8JsonReader json)
    {
        var weights = new ListedWeights();
        if (json.TokenType != JsonTokenType.StartObject)
        {
            json.Skip();
            return weights;
        }

        long? total = null;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var (isTotal, isParameters) = (json.ValueTextEquals("total"u8), json.ValueTextEquals("parameters"u8));
            json.Read();
            if (isTotal) total = JsonText.Count(ref json);
            else if (isParameters && json.TokenType == JsonTokenType.StartObject) weights = ReadTypes(ref json);
            else json.Skip();
        }

        // Older answers have the types without their sum.
        weights = weights with { Total = total ?? weights.Total };
        return weights.Packed ? weights with { Bytes = null } : weights;
    }

    private static ListedWeights ReadTypes(ref Utf8JsonReader json)
    {
        UInt128 elements = 0, containers = 0, bits = 0;
        var (known, types) = (true, 0);
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var type = json.ValueSpan.Length <= 16 ? json.GetString()! : "";
            json.Read();
            var count = JsonText.Count(ref json);
            if (++types > MaxTypes || count is null) known = false;
            if (!known) continue;
            elements += (UInt128)count!.Value;
            if (StoredTypes.IsContainer(type)) containers += (UInt128)count.Value;
            if (StoredTypes.Bits(type) is { } width) bits += (UInt128)count.Value * (UInt128)width;
            else known = false;
        }

        return new ListedWeights(
            known && elements > 0 && elements <= long.MaxValue ? (long)elements : null,
            (long)UInt128.Min(containers, long.MaxValue),
            known && bits > 0 && bits / 8 <= long.MaxValue ? (long)(bits / 8) : null);
    }
}
