using System.Globalization;

namespace Slipway.Runtimes.Local.Hosting;

/// <summary>llama-server's arguments for a spec. Pure.</summary>
internal static class EngineArguments
{
    /// <summary>Short names of the options that are derived, so that a user's <c>-c</c> replaces the derived <c>--ctx-size</c>.</summary>
    private static readonly Dictionary<string, string> s_longNames = new(StringComparer.Ordinal)
    {
        ["-c"] = "--ctx-size",
        ["-t"] = "--threads",
        ["--ui"] = "--webui",
        ["--no-ui"] = "--webui",
        ["--no-webui"] = "--webui",
        ["--no-jinja"] = "--jinja",
    };

    /// <summary>Why a spec's arguments cannot be used; null when they can.</summary>
    public static string? Refuse(EngineSpec spec)
    {
        foreach (var token in UserTokens(spec).Where(IsOption))
        {
            var option = token.Split('=', 2)[0];
            if (ReservedOptions.Why(option) is { } why) return $"The engine argument {option} cannot be set: {why}";
            if (spec.Command.Options.Count > 0 && !spec.Command.Options.Contains(option))
                return $"llama-server {spec.Command.Version} has no argument {option}. Check its spelling with 'llama-server --help', or install a newer engine.";
        }

        return spec.Env.Keys.FirstOrDefault(ReservedOptions.IsReservedVariable) is { } variable
            ? $"The variable {variable} cannot be set: {(variable.StartsWith("LLAMA_", StringComparison.Ordinal) ? "give the option in the engine's arguments instead." : "it would load foreign code into the engine.")}"
            : null;
    }

    /// <summary>All arguments after the engine's leading ones.</summary>
    public static IReadOnlyList<string> For(EngineSpec spec, int port)
    {
        var user = UserTokens(spec);
        var taken = user.Where(IsOption).Select(LongName).ToHashSet(StringComparer.Ordinal);
        var arguments = new List<string>
        {
            "--model", spec.ModelPath,
            "--alias", spec.ServedName,
            "--host", "127.0.0.1",
            "--port", port.ToString(CultureInfo.InvariantCulture),
        };
        void Derive(string option, params string[] value)
        {
            if (!taken.Contains(LongName(option))) arguments.AddRange([option, .. value]);
        }

        void DeriveIfKnown(string option, params string[] value)
        {
            if (spec.Command.Options.Contains(option)) Derive(option, value);
        }

        if (spec.ContextLength is { } context) Derive("--ctx-size", context.ToString(CultureInfo.InvariantCulture));
        if ((spec.Threads ?? spec.UsualThreads) is { } threads) Derive("--threads", threads.ToString(CultureInfo.InvariantCulture));
        Derive("--no-webui");
        Derive("--jinja");
        Derive("--metrics");
        // Newer engines only: no page of another origin may talk to the port, no escape codes in the log, nothing from the network.
        DeriveIfKnown("--cors-origins", "localhost");
        DeriveIfKnown("--log-colors", "off");
        DeriveIfKnown("--offline");
        arguments.AddRange(user);
        return arguments;
    }

    private static List<string> UserTokens(EngineSpec spec)
    {
        var tokens = new List<string>();
        foreach (var (key, value) in spec.Args.OrderBy(static p => p.Key, StringComparer.Ordinal))
        {
            var option = key.StartsWith('-') ? key : key.Length == 1 ? $"-{key}" : $"--{key}";
            switch (value)
            {
                case "" or "true":
                    tokens.Add(option);
                    break;
                case "false":
                    // llama-server writes no as --no-x where it has a switch for it; elsewhere the absence of the switch is the no.
                    if (spec.Command.Options.Contains("--no-" + option.TrimStart('-'))) tokens.Add("--no-" + option.TrimStart('-'));
                    break;
                default:
                    tokens.AddRange([option, value]);
                    break;
            }
        }

        tokens.AddRange(spec.ExtraArgs);
        return tokens;
    }

    /// <summary>A dash and a letter: <c>-1</c> is a value.</summary>
    private static bool IsOption(string token) => token.Length > 1 && token[0] == '-' && (token[1] == '-' || char.IsAsciiLetter(token[1]));

    private static string LongName(string option) => s_longNames.GetValueOrDefault(option, option);
}
