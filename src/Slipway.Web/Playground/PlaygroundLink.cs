using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;
using static Slipway.Web.Languages.Words;

namespace Slipway.Web.Playground;

/// <summary>What stands in the address of the playground: what is to be asked and how, and never what was answered.</summary>
/// <param name="Models">The models, one or two.</param>
/// <param name="Settings">What the fields say.</param>
/// <param name="Question">The question; empty for none.</param>
public sealed record PlaygroundLink(IReadOnlyList<string> Models, ChatSettings Settings, string Question)
{
    /// <summary>Most characters: servers, this one too, refuse the first line of a request above 8 KiB, and chat programs cut longer ones.</summary>
    public const int MostCharacters = 6000;

    /// <summary>Fields of the address that could not be read; each says why.</summary>
    public IReadOnlyList<string> Faults { get; init; } = [];

    /// <summary>The address, from the root of the page.</summary>
    public string Address
    {
        get
        {
            var text = new StringBuilder("playground");
            void Add(string name, string? value)
            {
                if (!string.IsNullOrEmpty(value)) text.Append(text.Length > 10 ? '&' : '?').Append(name).Append('=').Append(Uri.EscapeDataString(value));
            }

            Add("model", Models.Count > 0 ? Models[0] : null);
            Add("with", Models.Count > 1 ? Models[1] : null);
            Add("temperature", Number(Settings.Temperature));
            Add("top_p", Number(Settings.TopP));
            Add("max_tokens", Settings.MaxTokens?.ToString(CultureInfo.InvariantCulture));
            Add("seed", Settings.Seed?.ToString(CultureInfo.InvariantCulture));
            Add("presence_penalty", Number(Settings.PresencePenalty));
            Add("frequency_penalty", Number(Settings.FrequencyPenalty));
            Add("stop", Settings.Stop);
            Add("format", Settings.Shape is AnswerShape.Text ? null : Settings.Shape.ToString());
            Add("schema", Settings.Shape is AnswerShape.JsonSchema ? Settings.Schema : null);
            Add("tools", Settings.Tools);
            Add("system", Settings.System);
            Add("q", Question);
            return text.ToString();
        }
    }

    /// <summary>Why it cannot be sent on; null when it can.</summary>
    public string? TooLong => Address.Length <= MostCharacters
        ? null
        : T("The link would have {0:N0} characters, and many programs cut links above {1:N0}. Shorten the system prompt, the question, the tools or the schema.", Address.Length, MostCharacters);

    /// <summary>Reads an address.</summary>
    /// <param name="query">Its query, with or without the question mark.</param>
    public static PlaygroundLink Read(string query)
    {
        var given = QueryHelpers.ParseQuery(query);
        var faults = new List<string>();
        TNumber? Take<TNumber>(string name)
            where TNumber : struct, ISpanParsable<TNumber>
        {
            if (Text(given, name) is not { Length: > 0 } text) return null;
            // JSON has no other numbers; ChatSettings says of the rest whether they are in range.
            if (TNumber.TryParse(text, CultureInfo.InvariantCulture, out var value) && (value is not double real || double.IsFinite(real))) return value;
            faults.Add(T("{0} is left out: {1} is no number that it can be.", name, Short(text)));
            return null;
        }

        var settings = new ChatSettings
        {
            System = Text(given, "system"),
            Temperature = Take<double>("temperature"),
            TopP = Take<double>("top_p"),
            MaxTokens = Take<int>("max_tokens"),
            Seed = Take<long>("seed"),
            PresencePenalty = Take<double>("presence_penalty"),
            FrequencyPenalty = Take<double>("frequency_penalty"),
            Stop = Text(given, "stop"),
            Tools = Text(given, "tools"),
            Schema = Text(given, "schema"),
        };
        if (Text(given, "format") is { Length: > 0 } format)
        {
            if (Enum.GetNames<AnswerShape>().FirstOrDefault(n => n.Equals(format, StringComparison.OrdinalIgnoreCase)) is { } shape) settings.Shape = Enum.Parse<AnswerShape>(shape);
            else faults.Add(T("format is left out: {0} is none of {1}.", Short(format), string.Join(", ", Enum.GetNames<AnswerShape>())));
        }

        return new PlaygroundLink([.. new[] { Text(given, "model"), Text(given, "with") }.OfType<string>().Where(static m => m.Length > 0)], settings, Text(given, "q") ?? "") { Faults = faults };
    }

    private static string? Text(Dictionary<string, StringValues> given, string name) => given.TryGetValue(name, out var values) ? values[0] : null;

    private static string Short(string text) => text.Length > 40 ? text[..40] + "…" : text;

    private static string? Number(double? value) => value?.ToString("R", CultureInfo.InvariantCulture);
}
