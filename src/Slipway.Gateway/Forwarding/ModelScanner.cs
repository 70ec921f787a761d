using System.Buffers;
using System.Text.Json;

namespace Slipway.Gateway.Forwarding;

/// <summary>What a look at the beginning of a request's body found.</summary>
public enum ScanOutcome
{
    /// <summary>The model's name.</summary>
    Found,

    /// <summary>More of the body is needed.</summary>
    NeedMore,

    /// <summary>The body ends, or is an object, without a model.</summary>
    Absent,

    /// <summary>The body is no JSON object.</summary>
    Malformed,
}

/// <summary>Finds the top-level `model` of a JSON body in place, without reading further than that.</summary>
public static class ModelScanner
{
    /// <summary>Looks for the model.</summary>
    /// <param name="body">The body so far.</param>
    /// <param name="complete">Whether that is all of it.</param>
    /// <param name="model">The model's name.</param>
    /// <returns>What was found.</returns>
    public static ScanOutcome Scan(in ReadOnlySequence<byte> body, bool complete, out string? model)
    {
        model = null;
        var reader = new Utf8JsonReader(body, complete, default);
        try
        {
            if (!reader.Read()) return complete ? ScanOutcome.Malformed : ScanOutcome.NeedMore;
            if (reader.TokenType != JsonTokenType.StartObject) return ScanOutcome.Malformed;
            while (reader.Read())
            {
                if (reader.TokenType == JsonTokenType.EndObject) return ScanOutcome.Absent;
                var found = reader.ValueTextEquals("model"u8);
                if (!reader.Read()) return ScanOutcome.NeedMore;
                if (found)
                {
                    if (reader.TokenType != JsonTokenType.String) return ScanOutcome.Absent;
                    model = reader.GetString();
                    return ScanOutcome.Found;
                }

                if (!reader.TrySkip()) return ScanOutcome.NeedMore;
            }

            return complete ? ScanOutcome.Malformed : ScanOutcome.NeedMore;
        }
        catch (JsonException)
        {
            return ScanOutcome.Malformed;
        }
    }
}
