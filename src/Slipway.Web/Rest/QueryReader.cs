using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Slipway.Web.Rest;

/// <summary>Reads the parameters of a request; the first that makes no sense is kept as <see cref="Fault"/>.</summary>
/// <param name="query">The parameters.</param>
internal sealed class QueryReader(IQueryCollection query)
{
    private const int Longest = 200, Most = 20;

    /// <summary>What is wrong, for people; null when nothing is.</summary>
    public string? Fault { get; private set; }

    public string? Text(string name)
    {
        if (query[name].ToString() is not { Length: > 0 } text) return null;
        if (text.Length <= Longest && !text.Any(char.IsControl)) return text;
        return Wrong<string>($"'{name}' has to be at most {Longest} characters of text.");
    }

    public IReadOnlyList<string> Texts(string name)
    {
        var all = query[name].OfType<string>().Where(static t => t.Length > 0).ToList();
        if (all.Count <= Most && all.TrueForAll(static t => t.Length <= Longest && !t.Any(char.IsControl))) return all;
        return Wrong<IReadOnlyList<string>>($"'{name}' may be given {Most} times, with at most {Longest} characters each.") ?? [];
    }

    public int? Count(string name, int most) => Number(name, 1, most) is { } number ? (int)number : null;

    public double? Number(string name, double least, double most)
    {
        if (query[name].ToString() is not { Length: > 0 } text) return null;
        if (double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most) return number;
        Fault ??= string.Create(CultureInfo.InvariantCulture, $"'{name}' has to be a number from {least} to {most}.");
        return null;
    }

    public bool? Flag(string name) => OneOf(name, [("true", true), ("false", false)], out var found) ? found : null;

    public T? Choice<T>(string name)
        where T : struct, Enum =>
        OneOf(name, [.. Enum.GetValues<T>().Select(static v => (v.ToString().ToLowerInvariant(), v))], out var found) ? found : null;

    public bool OneOf<T>(string name, IReadOnlyList<(string Word, T Value)> choices, out T? value)
    {
        value = default;
        if (query[name].ToString() is not { Length: > 0 } text) return false;
        foreach (var (word, choice) in choices)
        {
            if (!word.Equals(text, StringComparison.OrdinalIgnoreCase)) continue;
            value = choice;
            return true;
        }

        Wrong<string>($"'{name}' has to be {string.Join(" or ", choices.Select(static c => c.Word))}.");
        return false;
    }

    private T? Wrong<T>(string fault)
    {
        Fault ??= fault;
        return default;
    }
}
