namespace Slipway.Chat;

/// <summary>How to ask.</summary>
internal sealed record ChatSettings(string Model, string? System, double? Temperature, int? MaxTokens);

/// <summary>One thing said.</summary>
internal sealed record ChatMessage(string Role, string Content);

/// <summary>A piece of an answer, or, at its end, what it took.</summary>
internal sealed record ChatPiece(string Text, int? Tokens = null);
