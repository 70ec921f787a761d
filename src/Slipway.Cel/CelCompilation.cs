using System.Diagnostics.CodeAnalysis;

namespace Slipway.Cel;

/// <summary>The outcome of <see cref="CelEnvironment.Compile"/>: a program or the issues that prevent one.</summary>
public sealed class CelCompilation
{
    internal CelCompilation(CelProgram program) => (Program, Issues) = (program, []);

    internal CelCompilation(IReadOnlyList<CelIssue> issues) => Issues = issues;

    /// <summary>The program; null when there are issues.</summary>
    public CelProgram? Program { get; }

    /// <summary>What is wrong, in the order it was found; empty when there is a program.</summary>
    public IReadOnlyList<CelIssue> Issues { get; }

    /// <summary>Whether there is a program.</summary>
    [MemberNotNullWhen(true, nameof(Program))]
    public bool IsSuccess => Program is not null;
}
