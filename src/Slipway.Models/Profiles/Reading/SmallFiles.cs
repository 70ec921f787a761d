using System.Text;
using System.Text.Json;
using Slipway.Models.Profiles.Config;

namespace Slipway.Models.Profiles.Reading;

/// <summary>Reads the small files beside the weights: tokenizer, generation, licence.</summary>
internal static class SmallFiles
{
    /// <summary>Longest of them that is read; tokenizer_config.json with thousands of added tokens has 0.5 MB.</summary>
    public const int MaxBytes = 4 << 20;

    /// <summary>Whether a chat template is there, and whether it renders tools.</summary>
    /// <param name="tokenizer">tokenizer_config.json; empty when absent.</param>
    /// <param name="template">chat_template.jinja or chat_template.json; empty when absent.</param>
    public static (bool Has, bool? Tools) ChatTemplate(ReadOnlyMemory<byte> tokenizer, ReadOnlyMemory<byte> template)
    {
        if (!template.IsEmpty) return (true, template.Span.IndexOf("tools"u8) >= 0);
        if (tokenizer.IsEmpty) return (false, null);
        using var document = ConfigText.Parse(tokenizer, out _);
        if (document is null || !document.RootElement.TryGetProperty("chat_template", out var found)) return (false, null);
        return found.ValueKind switch
        {
            JsonValueKind.String => (true, found.GetString()!.Contains("tools", StringComparison.Ordinal)),
            // Several templates by name; one for tools may be among them.
            JsonValueKind.Array => (true, found.GetRawText().Contains("tool", StringComparison.Ordinal)),
            _ => (false, null),
        };
    }

    /// <summary>The longest answer that the author suggests.</summary>
    public static long? SuggestedOutput(ReadOnlyMemory<byte> generation)
    {
        if (generation.IsEmpty) return null;
        using var document = ConfigText.Parse(generation, out _);
        return document is null ? null : new ConfigNode(document.RootElement).Whole("max_new_tokens", "max_length") is > 0 and var length ? length : null;
    }

    /// <summary>The licence that a model card's front matter names.</summary>
    public static string? Licence(ReadOnlySpan<byte> readme)
    {
        if (!readme.StartsWith("---"u8)) return null;
        foreach (var line in Encoding.UTF8.GetString(readme).Split('\n').Skip(1).Take(200))
        {
            if (line.StartsWith("---", StringComparison.Ordinal)) return null;
            if (line.StartsWith("license:", StringComparison.Ordinal) && line["license:".Length..].Trim(' ', '"', '\'', '\r') is { Length: > 0 and < 100 } licence) return licence;
        }

        return null;
    }
}
