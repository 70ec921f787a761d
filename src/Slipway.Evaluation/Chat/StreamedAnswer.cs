using System.Collections.Immutable;
using System.Text;
using System.Text.Json.Nodes;

namespace Slipway.Evaluation.Chat;

/// <summary>An answer as it comes in, chunk by chunk (OpenAI's <c>chat.completion.chunk</c>).</summary>
internal sealed class StreamedAnswer
{
    private readonly StringBuilder _text = new();
    private readonly SortedDictionary<int, (string Name, StringBuilder Arguments)> _calls = [];
    private readonly ImmutableArray<TokenLogprob>.Builder _logprobs = ImmutableArray.CreateBuilder<TokenLogprob>();
    private TimeSpan? _first;
    private string? _finish;
    private int? _promptTokens, _tokens;

    /// <summary>What the engine says went wrong in the middle of a stream; null while all is well.</summary>
    public string? Error { get; private set; }

    /// <summary>Characters so far.</summary>
    public int Length => _text.Length + _calls.Values.Sum(static c => c.Arguments.Length);

    public void Take(JsonNode? chunk, TimeSpan elapsed)
    {
        if (chunk?["error"] is { } error)
        {
            Error = error is JsonObject ? (string?)error["message"] ?? "without saying why" : error.ToJsonString();
            return;
        }

        if (chunk?["usage"] is JsonObject usage) (_promptTokens, _tokens) = ((int?)usage["prompt_tokens"] ?? _promptTokens, (int?)usage["completion_tokens"] ?? _tokens);
        if (chunk?["choices"] is not JsonArray { Count: > 0 } choices) return;
        var choice = choices[0];
        if (choice?["delta"] is JsonObject delta)
        {
            var text = (string?)delta["content"];
            _text.Append(text);
            // Thinking is no part of the answer, but it is where waiting for the first token ends.
            if (text is { Length: > 0 } || delta["reasoning_content"] is not null || delta["tool_calls"] is JsonArray { Count: > 0 }) _first ??= elapsed;
            foreach (var call in delta["tool_calls"] as JsonArray ?? []) Call(call);
        }

        foreach (var token in choice?["logprobs"]?["content"] as JsonArray ?? []) Logprob(token);
        _finish = (string?)choice?["finish_reason"] ?? _finish;
    }

    /// <summary>Takes an answer that came whole.</summary>
    public void TakeWhole(JsonNode? answer, TimeSpan elapsed)
    {
        if (answer?["choices"] is JsonArray { Count: > 0 } choices && choices[0] is JsonObject choice && choice["message"] is { } message) choice["delta"] = message.DeepClone();
        Take(answer, elapsed);
        // Of a whole answer nobody can tell when it began.
        _first = null;
    }

    public Answer ToAnswer(TimeSpan elapsed) => new()
    {
        Text = _text.ToString(),
        FinishReason = _finish,
        ToolCalls = [.. _calls.Values.Select(static c => new ToolCall(c.Name, c.Arguments.ToString()))],
        Logprobs = _logprobs.ToImmutable(),
        PromptTokens = _promptTokens,
        CompletionTokens = _tokens,
        FirstToken = _first,
        Elapsed = elapsed,
    };

    private void Call(JsonNode? call)
    {
        var index = (int?)call?["index"] ?? 0;
        var known = _calls.TryGetValue(index, out var entry) ? entry : ("", new StringBuilder());
        var function = call?["function"];
        known.Item2.Append((string?)function?["arguments"]);
        _calls[index] = ((string?)function?["name"] is { Length: > 0 } name ? name : known.Item1, known.Item2);
    }

    private void Logprob(JsonNode? token)
    {
        if ((string?)token?["token"] is not { } text || (double?)token["logprob"] is not { } value) return;
        var list = token["top_logprobs"] as JsonArray ?? [];
        var top = list.Select(static t => ((string?)t?["token"] ?? "", (double?)t?["logprob"] ?? double.NegativeInfinity));
        var ids = list.Select(static t => (long?)t?["id"]).ToArray();
        _logprobs.Add(new TokenLogprob(text, value, [.. top]) { Id = (long?)token["id"], TopIds = ids.Contains(null) ? [] : [.. ids.OfType<long>()] });
    }
}
