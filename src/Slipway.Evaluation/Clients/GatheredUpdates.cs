using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.AI;
using Slipway.Evaluation.Chat;

namespace Slipway.Evaluation.Clients;

/// <summary>An answer as it comes in, update by update.</summary>
internal sealed class GatheredUpdates
{
    private static readonly JsonTypeInfo s_arguments = new JsonSerializerOptions(AIJsonUtilities.DefaultOptions) { WriteIndented = false }.GetTypeInfo(typeof(IDictionary<string, object?>));

    private readonly StringBuilder _text = new();
    private readonly ImmutableArray<ToolCall>.Builder _calls = ImmutableArray.CreateBuilder<ToolCall>();
    private TimeSpan? _first;
    private string? _finish;
    private int? _promptTokens, _tokens;

    /// <summary>What the client says went wrong; null while all is well.</summary>
    public string? Error { get; private set; }

    /// <summary>Whether anything came.</summary>
    public bool Any { get; private set; }

    /// <summary>Characters so far.</summary>
    public int Length => _text.Length + _calls.Sum(static c => c.Arguments.Length);

    public void Take(ChatResponseUpdate update, TimeSpan elapsed)
    {
        Any = true;
        _finish = update.FinishReason?.Value ?? _finish;
        foreach (var content in update.Contents)
        {
            switch (content)
            {
                case TextContent { Text.Length: > 0 } text:
                    _first ??= elapsed;
                    _text.Append(text.Text);
                    break;
                // Thinking is no part of the answer, but it is where waiting for the first token ends.
                case TextReasoningContent:
                    _first ??= elapsed;
                    break;
                case FunctionCallContent call:
                    _first ??= elapsed;
                    _calls.Add(new ToolCall(call.Name, JsonSerializer.Serialize(call.Arguments ?? new Dictionary<string, object?>(), s_arguments)));
                    break;
                case UsageContent usage:
                    (_promptTokens, _tokens) = ((int?)usage.Details.InputTokenCount ?? _promptTokens, (int?)usage.Details.OutputTokenCount ?? _tokens);
                    break;
                case ErrorContent error:
                    Error = string.IsNullOrEmpty(error.Message) ? "without saying why" : error.Message;
                    break;
                default:
                    break;
            }
        }
    }

    public Answer ToAnswer(TimeSpan elapsed) => new()
    {
        Text = _text.ToString(),
        FinishReason = _finish,
        ToolCalls = _calls.ToImmutable(),
        PromptTokens = _promptTokens,
        CompletionTokens = _tokens,
        FirstToken = _first,
        Elapsed = elapsed,
    };
}
