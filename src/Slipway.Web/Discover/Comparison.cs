namespace Slipway.Web.Discover;

/// <summary>The models that were chosen to be seen side by side, each once, in the order of the choice. It stands in addresses as <c>a/b,c/d</c>.</summary>
/// <param name="Ids">Their ids; at most <see cref="Most"/>.</param>
internal sealed record Comparison(IReadOnlyList<string> Ids)
{
    /// <summary>More columns cannot be read beside each other.</summary>
    public const int Most = 4;

    public static Comparison None { get; } = new([]);

    public bool IsFull => Ids.Count >= Most;

    /// <summary>As it stands in an address; null when nothing is chosen.</summary>
    public string? Text => Ids.Count == 0 ? null : string.Join(',', Ids);

    /// <summary>Of an address; what is no id, comes twice or is too much is left out, and <paramref name="dropped"/> says how many.</summary>
    public static Comparison Parse(string? text, out int dropped)
    {
        var given = (text ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var ids = given.Distinct(StringComparer.Ordinal).Where(IsId).Take(Most).ToList();
        dropped = given.Length - ids.Count;
        return new Comparison(ids);
    }

    public bool Has(string id) => Ids.Contains(id, StringComparer.Ordinal);

    /// <summary>With one more, or without it when it is there; as it was when there is no place.</summary>
    public Comparison Toggle(string id) => Has(id) ? new([.. Ids.Where(i => i != id)]) : IsFull ? this : new([.. Ids, id]);

    /// <summary>The address of the page that shows them.</summary>
    public string Path(string? hardware) => $"compare?models={Uri.EscapeDataString(Text ?? "")}{(hardware is null ? "" : $"&on={Uri.EscapeDataString(hardware)}")}";

    // Whether there is such a model the hub says; here only what could never be one is kept from being asked.
    private static bool IsId(string text) => text.Length <= 200 && text.Split('/') is [{ Length: > 0 }, { Length: > 0 }];
}
