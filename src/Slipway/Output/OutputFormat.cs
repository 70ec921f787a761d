using System.CommandLine;

namespace Slipway.Output;

/// <summary>How a command prints what it found.</summary>
internal enum OutputFormat
{
    Table,
    Json,
    Yaml,
}

internal static class OutputOptions
{
    public static Option<OutputFormat> Format() =>
        new("--output", "-o") { Description = "How to print", HelpName = "table|json|yaml", DefaultValueFactory = _ => OutputFormat.Table };
}
