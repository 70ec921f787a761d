using System.Text.Json;
using System.Text.Unicode;

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

        if (!Utf8.IsValid(bytes.Span))
        {
            fault = "it is not UTF-8";
            return null;
        }

        try
        {
            var document = JsonDocument.Parse(Tamed(bytes), s_options);
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

    /// <summary>
    /// Python writes Infinity and NaN, which JSON has not (<c>time_step_limit</c> of Mamba models), and lets half a surrogate pair through, at which
    /// .NET throws when the text is asked for. Neither stands in a field that is read: the ones become 0, the others a character of no meaning.
    /// </summary>
    private static ReadOnlyMemory<byte> Tamed(ReadOnlyMemory<byte> bytes)
    {
        var span = bytes.Span;
        if (span.IndexOf("Infinity"u8) < 0 && span.IndexOf("NaN"u8) < 0 && span.IndexOf("\\ud"u8) < 0 && span.IndexOf("\\uD"u8) < 0) return bytes;
        var copy = bytes.ToArray();
        var inText = false;
        for (var i = 0; i < copy.Length; i++)
        {
            if (inText && copy[i] == '\\')
            {
                if (i + 2 < copy.Length && copy[i + 1] == 'u' && copy[i + 2] is (byte)'d' or (byte)'D') copy[i + 2] = (byte)'e';
                i++;
            }
            else if (copy[i] == '"') inText = !inText;
            else if (!inText) i += Blank(copy.AsSpan(i));
        }

        return copy;
    }

    private static int Blank(Span<byte> at)
    {
        var length = at.StartsWith("-Infinity"u8) ? 9 : at.StartsWith("Infinity"u8) ? 8 : at.StartsWith("NaN"u8) ? 3 : 0;
        if (length == 0) return 0;
        at[..length].Fill((byte)' ');
        at[0] = (byte)'0';
        return length - 1;
    }
}
