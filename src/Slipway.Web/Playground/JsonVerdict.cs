namespace Slipway.Web.Playground;

/// <summary>Whether an answer is the JSON that was asked for.</summary>
/// <param name="Valid">Whether it is.</param>
/// <param name="Words">The same in words, with what is wrong.</param>
public sealed record JsonVerdict(bool Valid, string Words);
