using Spectre.Console;
using Spectre.Console.Rendering;

namespace Slipway.Commands.Models;

/// <summary>Writes wide tables: in a file or a pipe no line ends at the 80th column.</summary>
internal static class Wide
{
    private const int Columns = 220;

    public static void Write(IRenderable what)
    {
        if (Console.IsOutputRedirected) AnsiConsole.Console.Profile.Width = Math.Max(AnsiConsole.Console.Profile.Width, Columns);
        AnsiConsole.Write(what);
    }
}
