using System.Collections.Frozen;

namespace Slipway.Gateway.Records;

/// <summary>What a request asks for, by its path.</summary>
public enum RequestOperation
{
    /// <summary>An answer in a conversation: `/v1/chat/completions`.</summary>
    Chat,

    /// <summary>A text that goes on: `/v1/completions`.</summary>
    Completion,

    /// <summary>OpenAI's newer way to ask: `/v1/responses`.</summary>
    Responses,

    /// <summary>Anthropic's way to ask: `/v1/messages`.</summary>
    Messages,

    /// <summary>Vectors: `/v1/embeddings`.</summary>
    Embeddings,

    /// <summary>An order of texts: `/v1/rerank`.</summary>
    Rerank,
}

/// <summary>The paths of OpenAI's API, and those that llama-server, vLLM and SGLang add in its manner, whose body names the model.</summary>
internal static class RequestOperations
{
    public static FrozenDictionary<string, RequestOperation> ByPath { get; } = new Dictionary<string, RequestOperation>
    {
        ["/v1/chat/completions"] = RequestOperation.Chat,
        ["/v1/completions"] = RequestOperation.Completion,
        ["/v1/responses"] = RequestOperation.Responses,
        ["/v1/messages"] = RequestOperation.Messages,
        ["/v1/embeddings"] = RequestOperation.Embeddings,
        ["/v1/rerank"] = RequestOperation.Rerank,
        ["/v1/reranking"] = RequestOperation.Rerank,
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
}
