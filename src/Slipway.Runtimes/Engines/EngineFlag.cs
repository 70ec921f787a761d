namespace Slipway.Runtimes.Engines;

/// <summary>A flag of an engine.</summary>
/// <param name="Name">Its name, without dashes.</param>
/// <param name="Value">Its value; <see langword="null"/> for a flag alone.</param>
public sealed record EngineFlag(string Name, string? Value)
{
    /// <summary>The flag as arguments of a command.</summary>
    /// <returns>One or two arguments.</returns>
    public IEnumerable<string> Arguments() => Value is null ? [$"--{Name}"] : [$"--{Name}", Value];
}
