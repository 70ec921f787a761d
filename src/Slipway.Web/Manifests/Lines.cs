using Slipway.Api.Meta;

namespace Slipway.Web.Manifests;

/// <summary>Flags and variables as lines of NAME=VALUE, for fields of a form. What lines cannot say stays in the manifest as it is.</summary>
internal static class Lines
{
    /// <summary>The flags that a line can say; one without a value stands alone.</summary>
    public static string Of(IReadOnlyDictionary<string, string>? args) =>
        string.Join('\n', (args ?? new Dictionary<string, string>(StringComparer.Ordinal)).Where(static a => Fits(a.Value)).Select(static a => a.Value.Length == 0 ? a.Key : $"{a.Key}={a.Value}"));

    /// <summary>The variables that a line can say.</summary>
    public static string Of(IReadOnlyList<EnvVar>? env) =>
        string.Join('\n', (env ?? []).Where(Fits).Select(static v => v.Value is null ? v.Name : $"{v.Name}={v.Value}"));

    /// <summary>How many flags no line can say.</summary>
    public static int Left(IReadOnlyDictionary<string, string>? args) => args?.Count(static a => !Fits(a.Value)) ?? 0;

    /// <summary>How many variables no line can say.</summary>
    public static int Left(IReadOnlyList<EnvVar>? env) => env?.Count(static v => !Fits(v)) ?? 0;

    /// <summary>Flags with those of some lines in place of those that lines can say.</summary>
    /// <exception cref="FormatException">A line is none, or a name is there twice.</exception>
    public static IReadOnlyDictionary<string, string>? Read(string? text, IReadOnlyDictionary<string, string>? before)
    {
        var args = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in before ?? new Dictionary<string, string>(StringComparer.Ordinal))
            if (!Fits(value)) args[name] = value;
        // People paste flags as a command line has them.
        foreach (var (name, value) in Split(text))
            if (!args.TryAdd(name.TrimStart('-'), value ?? "")) throw new FormatException($"{name.TrimStart('-')} is there twice.");
        return args.Count > 0 ? args : null;
    }

    /// <summary>Variables with those of some lines in place of those that lines can say.</summary>
    /// <exception cref="FormatException">A line is none, or a name is there twice.</exception>
    public static IReadOnlyList<EnvVar>? Read(string? text, IReadOnlyList<EnvVar>? before)
    {
        // First what comes from elsewhere: it refers to no other variable, and others may refer to it.
        var env = (before ?? []).Where(static v => !Fits(v)).ToList();
        foreach (var (name, value) in Split(text))
        {
            if (env.Any(v => v.Name == name)) throw new FormatException($"{name} is there twice.");
            env.Add(new EnvVar { Name = name, Value = value });
        }

        return env.Count > 0 ? env : null;
    }

    private static bool Fits(EnvVar variable) => variable.ValueFrom is null && Fits(variable.Value ?? "");

    private static bool Fits(string value) => !value.Contains('\n', StringComparison.Ordinal);

    private static IEnumerable<(string Name, string? Value)> Split(string? text)
    {
        foreach (var line in (text ?? "").Split('\n').Select(static l => l.TrimEnd('\r')).Where(static l => !string.IsNullOrWhiteSpace(l)))
        {
            var at = line.IndexOf('=', StringComparison.Ordinal);
            var name = (at < 0 ? line : line[..at]).Trim();
            if (name.Length == 0 || name.Any(char.IsWhiteSpace)) throw new FormatException($"\"{line.Trim()}\" is no NAME=VALUE.");
            yield return (name, at < 0 ? null : line[(at + 1)..]);
        }
    }
}
