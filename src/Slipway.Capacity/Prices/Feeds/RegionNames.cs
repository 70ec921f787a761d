namespace Slipway.Capacity.Prices.Feeds;

/// <summary>Names that may go into a request or a file's name: those that clouds give, and nothing with a meaning of its own there.</summary>
internal static class RegionNames
{
    /// <summary>Lower-case letters, digits and dashes: <c>westeurope</c>, <c>us-east-1</c>.</summary>
    public static bool IsRegion(string text) => text.Length is > 0 and <= 40 && text.All(static c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-');

    /// <summary>Letters, digits, dashes, underscores and dots: <c>Standard_NC24ads_A100_v4</c>, <c>p5.48xlarge</c>.</summary>
    public static bool IsMachineType(string text) => text.Length is > 0 and <= 80 && text.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');
}
