namespace Slipway.Web.Settings.Keys;

/// <summary>A key that is wanted.</summary>
/// <param name="Space">The namespace whose models it opens.</param>
/// <param name="Name">Its name.</param>
public sealed record KeyDraft(string Space, string Name)
{
    /// <summary>What it is for.</summary>
    public string? Description { get; init; }

    /// <summary>The models that it opens; all of the namespace when empty.</summary>
    public IReadOnlyList<string> Models { get; init; } = [];

    /// <summary>Most requests a minute; no limit when null.</summary>
    public int? RequestsPerMinute { get; init; }

    /// <summary>Most tokens a minute; no limit when null.</summary>
    public int? TokensPerMinute { get; init; }

    /// <summary>Most requests at one time; no limit when null.</summary>
    public int? ConcurrentRequests { get; init; }

    /// <summary>After how many days it ends; never when null.</summary>
    public int? Days { get; init; }
}
