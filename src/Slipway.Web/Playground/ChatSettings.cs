namespace Slipway.Web.Playground;

/// <summary>What the fields beside a conversation say; for both models alike, so that they can be compared.</summary>
public sealed class ChatSettings
{
    /// <summary>What the model is told first.</summary>
    public string? System { get; set; }

    /// <summary>How much chance is in an answer; the engine's own when null.</summary>
    public double? Temperature { get; set; }

    /// <summary>The share of likely tokens that is chosen from; the engine's own when null.</summary>
    public double? TopP { get; set; }

    /// <summary>Most tokens of an answer; the engine's own when null.</summary>
    public int? MaxTokens { get; set; }

    /// <summary>What is wrong with them; null when nothing is.</summary>
    public string? Fault =>
        Temperature is < 0 or > 2 ? "The temperature lies between 0 and 2."
        : TopP is < 0 or > 1 ? "Top p lies between 0 and 1."
        : MaxTokens is < 1 ? "An answer has at least one token."
        : null;

    /// <summary>A question with these settings.</summary>
    /// <param name="model">The name that the gateway routes by.</param>
    /// <param name="turns">The conversation so far.</param>
    internal ChatQuestion Ask(string model, IEnumerable<ChatTurn> turns) =>
        new(model, string.IsNullOrWhiteSpace(System) ? [.. turns] : [new ChatTurn("system", System), .. turns])
        {
            Temperature = Temperature,
            TopP = TopP,
            MaxTokens = MaxTokens,
        };
}
