using System.Globalization;

namespace Slipway.Cel;

/// <summary>Why an expression does not compile.</summary>
/// <param name="Line">From 1.</param>
/// <param name="Column">From 1, in characters of the line.</param>
/// <param name="Message">What is wrong.</param>
/// <param name="Source">The line of the expression.</param>
public sealed record CelIssue(int Line, int Column, string Message, string Source)
{
    internal static CelIssue At(string expression, int position, string message)
    {
        position = Math.Clamp(position, 0, expression.Length);
        var line = expression.AsSpan(0, position).Count('\n') + 1;
        var start = position == 0 ? 0 : expression.LastIndexOf('\n', position - 1) + 1;
        var end = expression.IndexOf('\n', position);
        return new CelIssue(line, position - start + 1, message, expression[start..(end < 0 ? expression.Length : end)]);
    }

    /// <summary>The message, the line, and a caret below the place.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Line}:{Column}: {Message}\n | {Source}\n | {new string(' ', Column - 1)}^");
}
