using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace Slipway.Evaluation.Importing;

/// <summary>Something of an imported file that the suite does not have, or has otherwise.</summary>
/// <param name="Place">Where it stands in the file.</param>
/// <param name="Reason">Why, and what to do.</param>
public sealed record Remark(string Place, string Reason)
{
    /// <inheritdoc/>
    public override string ToString() => Place.Length == 0 ? Reason : $"{Place}: {Reason}";
}

/// <summary>What came of importing a file of another tool.</summary>
/// <param name="Suite">An EvaluationSuite's manifest that <see cref="Suites.SuiteReader"/> takes; null when nothing could be taken.</param>
/// <param name="NotTaken">What the suite does not have. Nothing is left out without standing here.</param>
/// <param name="Differences">What the suite has, but grades otherwise than the tool that it comes from.</param>
public sealed record Import(JsonObject? Suite, ImmutableArray<Remark> NotTaken, ImmutableArray<Remark> Differences);
