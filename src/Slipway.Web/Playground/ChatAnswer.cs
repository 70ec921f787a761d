using System.Text.Json.Nodes;

namespace Slipway.Web.Playground;

/// <summary>An answer, as far as it is there, with what was measured of it.</summary>
public sealed record ChatAnswer
{
    /// <summary>The text.</summary>
    public string Text { get; init; } = "";

    /// <summary>What the model thought before it answered, as far as its engine tells it apart.</summary>
    public string Reasoning { get; init; } = "";

    /// <summary>Tools that it wants called.</summary>
    public IReadOnlyList<ToolCall> Calls { get; init; } = [];

    /// <summary>Tokens of the prompt; null until the engine says.</summary>
    public int? PromptTokens { get; init; }

    /// <summary>Tokens of the answer: the engine's count once it says, until then the pieces that came.</summary>
    public int Tokens { get; init; }

    /// <summary>From the question to the first piece; null until it came.</summary>
    public TimeSpan? FirstToken { get; init; }

    /// <summary>From the question to the newest piece.</summary>
    public TimeSpan Elapsed { get; init; }

    /// <summary>Why it ended, in the words of OpenAI's API: <c>stop</c>, <c>length</c>; null while it goes on.</summary>
    public string? Finish { get; init; }

    /// <summary>Whether nothing more comes.</summary>
    public bool Done { get; init; }

    /// <summary>Tokens a second after the first; null while there are too few to tell.</summary>
    public double? TokensPerSecond => FirstToken is { } first && Tokens > 1 && Elapsed > first ? (Tokens - 1) / (Elapsed - first).TotalSeconds : null;

    /// <summary>With the next chunk of the stream (OpenAI's chat completion chunk).</summary>
    internal ChatAnswer With(JsonNode? chunk, TimeSpan elapsed)
    {
        var next = this;
        if (chunk?["choices"] is JsonArray { Count: > 0 } choices)
        {
            next = next.WithDelta(choices[0]?["delta"], elapsed);
            if ((string?)choices[0]?["finish_reason"] is { } why) next = next with { Finish = why };
        }

        return chunk?["usage"] is JsonObject usage
            ? next with { PromptTokens = (int?)usage["prompt_tokens"] ?? PromptTokens, Tokens = (int?)usage["completion_tokens"] ?? next.Tokens }
            : next;
    }

    private ChatAnswer WithDelta(JsonNode? delta, TimeSpan elapsed)
    {
        // DeepSeek's name for it, which llama.cpp and SGLang took over; newer vLLM calls it "reasoning".
        var thought = (string?)delta?["reasoning_content"] ?? (string?)delta?["reasoning"] ?? "";
        var text = (string?)delta?["content"] ?? "";
        var pieces = delta?["tool_calls"] as JsonArray ?? [];
        return thought.Length + text.Length + pieces.Count == 0 ? this : this with
        {
            Reasoning = Reasoning + thought,
            Text = Text + text,
            Calls = pieces.Count > 0 ? ToolCall.Join(Calls, pieces) : Calls,
            Tokens = Tokens + 1,
            FirstToken = FirstToken ?? elapsed,
            Elapsed = elapsed,
        };
    }
}
