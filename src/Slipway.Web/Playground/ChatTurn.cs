namespace Slipway.Web.Playground;

/// <summary>One turn of a conversation.</summary>
/// <param name="Role"><c>system</c>, <c>user</c>, <c>assistant</c> or <c>tool</c>.</param>
/// <param name="Content">What was said; for a tool, what came of the call.</param>
public sealed record ChatTurn(string Role, string Content)
{
    /// <summary>What the model thought before it answered; shown, and not sent again.</summary>
    public string Reasoning { get; init; } = "";

    /// <summary>Images beside the text of a user.</summary>
    public IReadOnlyList<ChatImage> Images { get; init; } = [];

    /// <summary>Tools that the model wants called.</summary>
    public IReadOnlyList<ToolCall> Calls { get; init; } = [];

    /// <summary>The call that a turn of a tool answers.</summary>
    public string? CallId { get; init; }

    /// <summary>Whether nothing was answered: it is shown, and not sent again, or what was refused once, as an image is by a model without eyes, would be refused with every question after it.</summary>
    public bool Unanswered { get; init; }

    /// <summary>Whether the answer is the JSON that was asked for; null where none was.</summary>
    public JsonVerdict? Json { get; init; }
}
