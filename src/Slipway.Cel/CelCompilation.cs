using System.Diagnostics.CodeAnalysis;

namespace Slipway.Cel;

/// <summary>The outcome of <see cref="CelEnvironment.Compile"/>: a program or the issues that prevent one.</summary>
public sealed class CelCompilation
{
    private readonly Func<CelType, CelCostEstimate>? _estimate;

    internal CelCompilation(CelProgram program, Func<CelType, CelCostEstimate>? estimate) => (Program, Issues, _estimate) = (program, [], estimate);

    internal CelCompilation(IReadOnlyList<CelIssue> issues) => Issues = issues;

    /// <summary>The program; null when there are issues.</summary>
    public CelProgram? Program { get; }

    /// <summary>What is wrong, in the order it was found; empty when there is a program.</summary>
    public IReadOnlyList<CelIssue> Issues { get; }

    /// <summary>Whether there is a program.</summary>
    [MemberNotNullWhen(true, nameof(Program))]
    public bool IsSuccess => Program is not null;

    /// <summary>
    /// What an evaluation will cost, by the sizes that the declared types allow. The numbers are those by which a Kubernetes API server
    /// accepts the rules of a definition. The compilation keeps what it needs for this; the program does not.
    /// </summary>
    /// <param name="root">The type of the variable that the expression is about, with the sizes of what is below it.</param>
    /// <exception cref="InvalidOperationException">There is no program, or the expression was not checked.</exception>
    public CelCostEstimate EstimateCost(CelType root)
    {
        ArgumentNullException.ThrowIfNull(root);
        return _estimate?.Invoke(root) ?? throw new InvalidOperationException("only a checked expression that compiles has a cost");
    }
}
