namespace Slipway.Web.Ui;

/// <summary>What a colour says.</summary>
public enum Tone
{
    /// <summary>Nothing in particular.</summary>
    Plain,

    /// <summary>As it should be.</summary>
    Good,

    /// <summary>On its way, or to be looked at.</summary>
    Warn,

    /// <summary>Wrong.</summary>
    Bad,

    /// <summary>Chosen, or what matters here.</summary>
    Accent,
}
