using System.Text.Json;

namespace Slipway.Gateway.Metering;

/// <summary>
/// Finds what engines say of tokens in a piece of an answer. `"usage":` cannot stand in a text, where its quotes would be escaped, so that the piece need not be read from its beginning.
/// </summary>
internal static class UsageReader
{
    /// <summary>Takes over what a piece says; of several, the last that says it.</summary>
    public static TokenUsage Read(ReadOnlySpan<byte> piece, TokenUsage before)
    {
        var usage = before;
        foreach (var found in Objects(piece, "\"usage\""u8)) usage = Merge(usage, Parse(piece[found..]));
        return usage;
    }

    /// <summary>Takes over what llama-server says in its own way, in the last event of every stream, asked or not.</summary>
    public static TokenUsage ReadTimings(ReadOnlySpan<byte> piece, TokenUsage before)
    {
        var usage = before;
        foreach (var found in Objects(piece, "\"timings\""u8)) usage = Merge(usage, Timings(piece[found..]));
        return usage;
    }

    private static ObjectsOf Objects(ReadOnlySpan<byte> piece, ReadOnlySpan<byte> key) => new(piece, key);

    private static TokenUsage Merge(TokenUsage before, TokenUsage next) => new(next.In ?? before.In, next.Cached ?? before.Cached, next.Out ?? before.Out);

    private static TokenUsage Parse(ReadOnlySpan<byte> text)
    {
        long? tokensIn = null, cached = null, tokensOut = null, apart = null;
        var reader = new Utf8JsonReader(text, isFinalBlock: false, default);
        try
        {
            while (reader.Read() && !(reader.TokenType is JsonTokenType.EndObject && reader.CurrentDepth == 0))
            {
                if (reader.TokenType is not JsonTokenType.PropertyName) continue;
                if (reader.ValueTextEquals("prompt_tokens"u8) || reader.ValueTextEquals("input_tokens"u8)) tokensIn = Number(ref reader) ?? tokensIn;
                else if (reader.ValueTextEquals("completion_tokens"u8) || reader.ValueTextEquals("output_tokens"u8)) tokensOut = Number(ref reader) ?? tokensOut;
                else if (reader.ValueTextEquals("cached_tokens"u8)) cached = Number(ref reader) ?? cached;
                // Anthropic counts what came from the cache, and what went there, beside the rest.
                else if (reader.ValueTextEquals("cache_read_input_tokens"u8) && Number(ref reader) is { } read) (cached, apart) = (read, (apart ?? 0) + read);
                else if (reader.ValueTextEquals("cache_creation_input_tokens"u8) && Number(ref reader) is { } made) apart = (apart ?? 0) + made;
            }
        }
        catch (JsonException)
        {
            // An engine's fancy: what was read until then stands.
        }

        return new TokenUsage(tokensIn + (apart ?? 0), cached, tokensOut);
    }

    private static TokenUsage Timings(ReadOnlySpan<byte> text)
    {
        long? cached = null, read = null, made = null;
        var reader = new Utf8JsonReader(text, isFinalBlock: false, default);
        try
        {
            while (reader.Read() && reader.TokenType is not JsonTokenType.EndObject)
            {
                if (reader.TokenType is not JsonTokenType.PropertyName) continue;
                if (reader.ValueTextEquals("cache_n"u8)) cached = Number(ref reader);
                else if (reader.ValueTextEquals("prompt_n"u8)) read = Number(ref reader);
                else if (reader.ValueTextEquals("predicted_n"u8)) made = Number(ref reader);
            }
        }
        catch (JsonException)
        {
            // As above.
        }

        return new TokenUsage(read + (cached ?? 0), cached, made);
    }

    private static long? Number(ref Utf8JsonReader reader) =>
        reader.Read() && reader.TokenType is JsonTokenType.Number && reader.TryGetInt64(out var number) && number >= 0 ? number : null;

    /// <summary>Where the objects under a key begin.</summary>
    private ref struct ObjectsOf(ReadOnlySpan<byte> piece, ReadOnlySpan<byte> key)
    {
        private readonly ReadOnlySpan<byte> _piece = piece, _key = key;
        private int _next = 0;

        public int Current { get; private set; } = 0;

        public readonly ObjectsOf GetEnumerator() => this;

        public bool MoveNext()
        {
            while (_piece[_next..].IndexOf(_key) is var at && at >= 0)
            {
                _next += at + _key.Length;
                var rest = _piece[_next..].TrimStart(" :\t\r\n"u8);
                if (!rest.StartsWith("{"u8)) continue;
                Current = _piece.Length - rest.Length;
                return true;
            }

            return false;
        }
    }
}
