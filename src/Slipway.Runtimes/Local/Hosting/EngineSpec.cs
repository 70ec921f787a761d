using System.Globalization;
using System.Text;
using Slipway.Runtimes.Local.Engines;

namespace Slipway.Runtimes.Local.Hosting;

/// <summary>What an engine is to serve, and how.</summary>
public sealed record EngineSpec
{
    /// <summary>Name of the deployment; it names logs and must be safe as a file name (letters, digits, <c>-</c>, <c>_</c>, <c>.</c>).</summary>
    public required string Name { get; init; }

    /// <summary>How to start the engine.</summary>
    public required EngineCommand Command { get; init; }

    /// <summary>The model's (first) GGUF file.</summary>
    public required string ModelPath { get; init; }

    /// <summary>Name that clients give as <c>model</c>.</summary>
    public required string ServedName { get; init; }

    /// <summary>Tokens of context; null for what the model was trained for.</summary>
    public int? ContextLength { get; init; }

    /// <summary>Threads; null for <see cref="UsualThreads"/>.</summary>
    public int? Threads { get; init; }

    /// <summary>Threads where nobody asks for a number; null for as many as the machine has. Engines that run keep theirs: to start them anew for another share of the machine would cost users their answers.</summary>
    public int? UsualThreads { get; init; }

    /// <summary>Options of the user by name, with or without dashes. An empty value or <c>true</c> gives the bare option.</summary>
    public IReadOnlyDictionary<string, string> Args { get; init; } = new Dictionary<string, string>();

    /// <summary>Further arguments of the user, as they are.</summary>
    public IReadOnlyList<string> ExtraArgs { get; init; } = [];

    /// <summary>Variables of the user.</summary>
    public IReadOnlyDictionary<string, string> Env { get; init; } = new Dictionary<string, string>();

    /// <summary>Another value is a restart; null for none.</summary>
    public string? Restart { get; init; }

    /// <summary>Folder of the logs.</summary>
    public required string LogDirectory { get; init; }

    /// <summary>Everything whose change needs a restart, as one text.</summary>
    internal string Fingerprint()
    {
        var text = new StringBuilder().AppendJoin('\n', Command.Path, ModelPath, ServedName, LogDirectory)
            .Append(CultureInfo.InvariantCulture, $"\n{ContextLength}\n{Threads}\n{Restart}\n").AppendJoin('\u001f', Command.LeadingArguments).Append('\n');
        foreach (var (key, value) in Args.OrderBy(static p => p.Key, StringComparer.Ordinal)) text.Append(CultureInfo.InvariantCulture, $"{key}={value}\u001f");
        text.Append('\n').AppendJoin('\u001f', ExtraArgs).Append('\n');
        foreach (var (key, value) in Env.OrderBy(static p => p.Key, StringComparer.Ordinal)) text.Append(CultureInfo.InvariantCulture, $"{key}={value}\u001f");
        return text.ToString();
    }
}
