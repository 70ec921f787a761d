namespace Slipway.Cel.Syntax;

/// <summary>Leaves the parser at the first error; <see cref="CelEnvironment.Compile"/> turns it into a value.</summary>
#pragma warning disable CA1032, CA1064, RCS1194 // Never leaves this assembly, so it needs one constructor only.
internal sealed class SyntaxException(int position, string message) : Exception(message)
#pragma warning restore CA1032, CA1064, RCS1194
{
    public int Position { get; } = position;
}
