using System.Text.Json.Nodes;
using static Slipway.Web.Languages.Words;

namespace Slipway.Web.Playground;

/// <summary>What the fields beside a conversation say; for both models alike, so that they can be compared.</summary>
public sealed class ChatSettings
{
    /// <summary>Most texts at which an answer ends, as of OpenAI's API.</summary>
    public const int MostStops = 4;

    private (JsonArray? Tools, string? Fault) _tools;
    private (AnswerFormat? Format, string? Fault) _format;

    /// <summary>What the model is told first.</summary>
    public string? System { get; set; }

    /// <summary>How much chance is in an answer; the engine's own when null.</summary>
    public double? Temperature { get; set; }

    /// <summary>The share of likely tokens that is chosen from; the engine's own when null.</summary>
    public double? TopP { get; set; }

    /// <summary>Most tokens of an answer; the engine's own when null.</summary>
    public int? MaxTokens { get; set; }

    /// <summary>Where chance begins; the engine's own when null.</summary>
    public long? Seed { get; set; }

    /// <summary>How much less likely what was said at all becomes; the engine's own when null.</summary>
    public double? PresencePenalty { get; set; }

    /// <summary>How much less likely what was said becomes with each time; the engine's own when null.</summary>
    public double? FrequencyPenalty { get; set; }

    /// <summary>Texts at which an answer ends, one a line.</summary>
    public string? Stop { get; set; }

    /// <summary>Tools that the model may want called: a JSON array of OpenAI's API.</summary>
    public string? Tools
    {
        get;
        set => _tools = ToolList.Read(field = value);
    }

    /// <summary>What an answer has to be.</summary>
    public AnswerShape Shape
    {
        get;
        set => _format = AnswerFormat.Read(field = value, Schema);
    }

    /// <summary>The schema of an answer, where it has to keep to one.</summary>
    public string? Schema
    {
        get;
        set => _format = AnswerFormat.Read(Shape, field = value);
    }

    /// <summary>What an answer has to be; null for anything.</summary>
    internal AnswerFormat? Format => _format.Format;

    /// <summary>What is wrong with them; null when nothing is.</summary>
    public string? Fault =>
        Temperature is < 0 or > 2 ? T("The temperature lies between 0 and 2.")
        : TopP is < 0 or > 1 ? T("Top p lies between 0 and 1.")
        : MaxTokens is < 1 ? T("An answer has at least one token.")
        : PresencePenalty is < -2 or > 2 ? T("The presence penalty lies between -2 and 2.")
        : FrequencyPenalty is < -2 or > 2 ? T("The frequency penalty lies between -2 and 2.")
        : Stops.Count > MostStops ? T("There are {0} stop words; at most {1} are taken.", Stops.Count, MostStops)
        : _tools.Fault ?? _format.Fault;

    // Blanks count: an answer may be meant to end at the first " - ".
    private List<string> Stops => [.. (Stop ?? "").Split('\n').Select(static l => l.TrimEnd('\r')).Where(static l => l.Length > 0)];

    /// <summary>A question with these settings.</summary>
    /// <param name="model">The name that the gateway routes by.</param>
    /// <param name="turns">The conversation so far.</param>
    internal ChatQuestion Ask(string model, IEnumerable<ChatTurn> turns) =>
        new(model, [.. string.IsNullOrWhiteSpace(System) ? Array.Empty<ChatTurn>() : [new ChatTurn("system", System)], .. turns.Where(static t => !t.Unanswered)])
        {
            Temperature = Temperature,
            TopP = TopP,
            MaxTokens = MaxTokens,
            Seed = Seed,
            PresencePenalty = PresencePenalty,
            FrequencyPenalty = FrequencyPenalty,
            Stop = Stops,
            Tools = _tools.Tools,
            Format = _format.Format,
        };
}
