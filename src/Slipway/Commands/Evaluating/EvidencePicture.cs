using System.Collections.Immutable;
using System.Globalization;
using Slipway.Evaluation.Statistics;

namespace Slipway.Commands.Evaluating;

/// <summary>The evidence against the number of pairs, between the boundary of a pass above and that of a failure below.</summary>
internal static class EvidencePicture
{
    private const int Width = 64, Half = 4;

    /// <summary>Draws it.</summary>
    /// <param name="looks">The judgement after each pair; at least one.</param>
    /// <param name="passAt">The logarithm of evidence that passes.</param>
    /// <param name="failAt">The logarithm of evidence that fails.</param>
    public static IEnumerable<string> Draw(ImmutableArray<Judgement> looks, double passAt, double failAt)
    {
        var rows = new char[(2 * Half) + 1][];
        for (var r = 0; r < rows.Length; r++) rows[r] = new string(r is 0 or 2 * Half ? '─' : r == Half ? '·' : ' ', Width).ToCharArray();
        for (var c = 0; c < Width; c++)
        {
            var look = looks[(int)((long)c * (looks.Length - 1) / (Width - 1))];
            // Each side as a share of what decides it; what is nearer to deciding is drawn.
            var (pass, fail) = (Math.Clamp(look.LogPass / passAt, 0, 1), Math.Clamp(look.LogFail / failAt, 0, 1));
            var height = pass >= fail ? pass : -fail;
            rows[Half - (int)Math.Round(height * Half)][c] = '●';
        }

        for (var r = 0; r < rows.Length; r++)
            yield return $"{(r == 0 ? "good enough" : r == Half ? "nothing yet" : r == 2 * Half ? "  too bad  " : "           ")} {new string(rows[r])}";
        yield return string.Create(CultureInfo.InvariantCulture, $"            1{$"{looks.Length} pairs",Width - 1}");
    }
}
