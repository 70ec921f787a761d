namespace Slipway.Chat;

/// <summary>How to ask.</summary>
internal sealed record ChatOptions(string Model, string? System, double? Temperature, int? MaxTokens);
