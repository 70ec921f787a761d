using System.Globalization;
using Slipway.ApiServer.Json;

namespace Slipway.ApiServer.Tables;

/// <summary>Makes columns whose cells come from a JSONPath.</summary>
internal static class Columns
{
    public static PrinterColumn Name { get; } = new("Name", "string", "name", "Name of the object.", 0, (o, _) => o.Text("metadata", "name"));

    public static PrinterColumn Age { get; } = FromPath("Age", "date", "", "Time since the object was created.", 0, ".metadata.creationTimestamp");

    public static PrinterColumn FromPath(string name, string type, string format, string description, int priority, string path)
    {
        var compiled = JsonPath.Compile(path);
        return new(name, type == "date" ? "string" : type, format, description, priority, (o, now) => Cell(compiled.Select(o), type, now));
    }

    private static object? Cell(IReadOnlyList<object?> found, string type, DateTimeOffset now)
    {
        if (found.Count == 0 || found[0] is null) return type == "date" ? "<unknown>" : null;
        var value = found[0];
        return type switch
        {
            "date" => value is string text ? Since(text, now) : "<invalid>",
            "integer" when value is double number => (long)number,
            "integer" or "number" or "boolean" => value is string or JsonMap or JsonList ? null : value,
            _ => Text(value), // Of several, a real server shows the first.
        };
    }

    private static string Text(object? value) => value as string ?? JsonText.Of(value);

    private static string Since(string text, DateTimeOffset now) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var then) ? HumanDuration.Of(now - then) : "<unknown>";
}
