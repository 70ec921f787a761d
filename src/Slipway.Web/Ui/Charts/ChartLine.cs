using System.Runtime.InteropServices;

namespace Slipway.Web.Ui.Charts;

/// <summary>One line of a chart.</summary>
/// <param name="Name">What it shows, for the legend.</param>
/// <param name="Points">Its points, X rising.</param>
/// <param name="Tone">Its colour.</param>
/// <param name="Dashed">Whether it is dashed, so that it is told from its neighbour without colours, too.</param>
/// <param name="Stepped">Whether a value holds until the next one, as settings do.</param>
public sealed record ChartLine(string Name, IReadOnlyList<ChartPoint> Points, Tone Tone = Tone.Accent, bool Dashed = false, bool Stepped = false);

/// <summary>A point.</summary>
/// <param name="X">Where, in the chart's own unit.</param>
/// <param name="Y">The value; null where there is none: the line has a gap there.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct ChartPoint(double X, double? Y);

/// <summary>A mark of an axis, or a level drawn across.</summary>
/// <param name="At">Where.</param>
/// <param name="Text">What is written there.</param>
/// <param name="Tone">Its colour, for levels.</param>
public sealed record ChartMark(double At, string Text, Tone Tone = Tone.Plain);
