using System.Text.Json;

namespace Slipway.Evaluation.Grading.Json;

/// <summary>JSON in an answer.</summary>
internal static class JsonAnswer
{
    /// <summary>Most characters of an answer that is read as JSON.</summary>
    private const int MostCharacters = 1_000_000;

    /// <summary>Parses; null, with the reason, when it is no JSON. Keys that come twice are no JSON: which of them counts is anyone's guess.</summary>
    /// <param name="text">The answer.</param>
    /// <param name="fenced">Whether it may stand in one fenced block of Markdown, as models like to write it.</param>
    /// <param name="reason">Why not.</param>
    public static JsonElement? Parse(string text, bool fenced, out string reason)
    {
        reason = "";
        var json = fenced ? Unfenced(text.Trim()) : text;
        try
        {
            if (json.Length > MostCharacters) reason = $"{Quote.One(text)} is longer than {MostCharacters} characters";
            else return JsonElement.Parse(json, new JsonDocumentOptions { AllowDuplicateProperties = false });
        }
        catch (JsonException wrong)
        {
            reason = $"{Quote.One(text)} is no JSON (line {wrong.LineNumber + 1})";
        }

        return null;
    }

    private static string Unfenced(string text)
    {
        if (!text.StartsWith("```", StringComparison.Ordinal) || !text.EndsWith("```", StringComparison.Ordinal)) return text;
        var line = text.IndexOf('\n', StringComparison.Ordinal);
        return line < 0 || line > text.Length - 3 || text[3..line].Trim() is not ("" or "json" or "JSON") ? text : text[(line + 1)..^3];
    }
}
