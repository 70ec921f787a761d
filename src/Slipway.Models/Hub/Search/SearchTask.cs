namespace Slipway.Models.Hub.Search;

/// <summary>What a model is wanted for.</summary>
public enum SearchTask
{
    /// <summary>Text in, text out: <c>text-generation</c>.</summary>
    Chat,

    /// <summary>Text to a vector: <c>feature-extraction</c> and <c>sentence-similarity</c>.</summary>
    Embedding,

    /// <summary>Ranks texts by how well they answer a question: <c>text-ranking</c>.</summary>
    Rerank,

    /// <summary>Speech to text and text to speech: <c>automatic-speech-recognition</c> and <c>text-to-speech</c>.</summary>
    Speech,

    /// <summary>Pictures and text in, text out: <c>image-text-to-text</c>.</summary>
    Vision,
}

/// <summary>The hub's names of tasks.</summary>
/// <remarks><see href="https://huggingface.co/tasks"/>.</remarks>
internal static class TaskTags
{
    /// <summary>The values of <c>pipeline_tag</c> that a task covers; the hub takes one a request.</summary>
    public static IReadOnlyList<string> Of(SearchTask task) => task switch
    {
        SearchTask.Chat => ["text-generation"],
        SearchTask.Embedding => ["feature-extraction", "sentence-similarity"],
        SearchTask.Rerank => ["text-ranking"],
        SearchTask.Speech => ["automatic-speech-recognition", "text-to-speech"],
        SearchTask.Vision => ["image-text-to-text"],
        _ => throw new ArgumentOutOfRangeException(nameof(task)),
    };
}
