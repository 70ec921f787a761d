using System.Text.Json;

namespace Slipway.Models.Profiles.Config;

/// <summary>Turns the bytes of a config.json into a document, within bounds.</summary>
internal static class ConfigText
{
    /// <summary>The longest seen has 0.4 MB: lists of modules that are not quantised.</summary>
    public const int MaxBytes = 8 << 20;

    private static readonly JsonDocumentOptions s_options = new() { MaxDepth = 32, AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip };

    /// <summary>Parses a document.</summary>
    /// <returns>The document, or null with the reason.</returns>
    public static JsonDocument? Parse(ReadOnlyMemory<byte> bytes, out string? fault)
    {
        fault = null;
        if (bytes.Length > MaxBytes)
        {
            fault = $"it has {bytes.Length} bytes, and more than {MaxBytes} are not read";
            return null;
        }

        try
        {
            var document = JsonDocument.Parse(WithoutSpecialNumbers(bytes), s_options);
            if (document.RootElement.ValueKind == JsonValueKind.Object) return document;
            document.Dispose();
            fault = "it is not a JSON object";
        }
        catch (JsonException e)
        {
            fault = $"it is not JSON: {e.Message}";
        }

        return null;
    }

    /// <summary>Python writes Infinity and NaN, which JSON has not (<c>time_step_limit</c> of Mamba models); they become null.</summary>
    private static ReadOnlyMemory<byte> WithoutSpecialNumbers(ReadOnlyMemory<byte> bytes)
    {
        if (bytes.Span.IndexOf("Infinity"u8) < 0 && bytes.Span.IndexOf("NaN"u8) < 0) return bytes;
        var copy = bytes.ToArray();
        var inText = false;
        for (var i = 0; i < copy.Length; i++)
        {
            if (inText && copy[i] == '\\') i++;
            else if (copy[i] == '"') inText = !inText;
            else if (!inText) i += Blank(copy.AsSpan(i));
        }

        return copy;
    }

    private static int Blank(Span<byte> at)
    {
        var length = at.StartsWith("-Infinity"u8) ? 9 : at.StartsWith("Infinity"u8) ? 8 : at.StartsWith("NaN"u8) ? 3 : 0;
        if (length == 0) return 0;
        // "NaN" has three letters and null four: a zero says the same to a reader that never asks for these fields.
        at[..length].Fill((byte)' ');
        at[0] = (byte)'0';
        return length - 1;
    }
}
