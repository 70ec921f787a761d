using System.Globalization;
using Slipway.Capacity.Answers.Models;
using Slipway.Output;
using Spectre.Console;

namespace Slipway.Commands.Models;

/// <summary>How fast a model was where it runs, as a table shows it.</summary>
internal static class Measured
{
    private const int Most = 8;

    public static void Write(ModelAnswer answer)
    {
        if (answer.Measured.IsEmpty) return;
        AnsiConsole.WriteLine();
        AnsiConsole.WriteLine("Measured where it runs:");
        var table = new Table().NoBorder().AddColumns("DEVICE", "ENGINE", "DEVICES", "AT ONCE", "PROMPT", "ANSWER", "TOKENS/S EACH", "FIRST TOKEN", "REQUESTS", "AGE");
        foreach (var m in answer.Measured.Take(Most))
        {
            string[] cells =
            [
                m.Device, m.Engine, Text($"{m.Devices}"), Text($"{m.Running:0.#}"), Text($"{m.PromptTokens:0}"), Text($"{m.OutputTokens:0}"), Text($"{m.TokensPerSecondPerUser:0.#}"),
                m.FirstTokenSeconds is { } first ? Text($"{first * 1000:0} ms") : "", Text($"{m.Requests}"), Age.Of(m.Last, TimeProvider.System.GetUtcNow()),
            ];
            table.AddRow([.. cells.Select(Markup.Escape)]);
        }

        Wide.Write(table);
        if (answer.Measured.Length > Most) AnsiConsole.WriteLine($"and {answer.Measured.Length - Most} more loads (-o json)");
        if (answer.Accelerators.Where(static a => a.Speed?.LearnedFrom is not null).Select(static a => a.Name).ToList() is { Count: > 0 } corrected)
            AnsiConsole.WriteLine($"Speeds on {string.Join(", ", corrected)} are corrected by it.");
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
