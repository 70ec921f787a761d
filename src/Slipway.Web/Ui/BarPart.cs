namespace Slipway.Web.Ui;

/// <summary>A part of a bar that adds up.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Bytes">How much.</param>
/// <param name="Why">By which formula or from where; null when that goes without saying.</param>
public sealed record BarPart(string Name, long Bytes, string? Why = null);
