using System.Text;
using Slipway.Api.ModelDeployments.Accelerators;

namespace Slipway.Runtimes.Accelerators;

/// <summary>Writes what a device must be as selectors of a ResourceClaim (CEL over `device`).</summary>
/// <remarks>
/// Each looks first whether the device has what it asks about: an error in an expression ends the scheduling of the pod on all nodes, even
/// if it is about one odd device of which there are others (cel.Device of k8s.io/dynamic-resource-allocation).
/// </remarks>
internal static class DeviceSelectors
{
    /// <summary>The expressions; a device must meet all of them.</summary>
    /// <param name="asked">What is asked for.</param>
    /// <param name="class">What is known of the class from which it is chosen; without it model, architecture, memory and partition are refused before.</param>
    public static IEnumerable<string> Of(DeviceSelection asked, DeviceClassFacts? @class)
    {
        if (@class is not null)
        {
            if (asked.MinMemory is { } memory && @class.Memory is { } capacity) yield return $"{HasCapacity(@class.Driver, capacity)} && {Capacity(@class.Driver, capacity)}.compareTo(quantity({Text(memory.Text)})) >= 0";
            if (asked.Models is { Count: > 0 } models)
                yield return $"{Has(@class.Driver, @class.Product)} && ({string.Join(" || ", models.Select(m => $"{Attribute(@class.Driver, @class.Product)}.startsWith({Text(m)})"))})";
            if (asked.Architectures is { Count: > 0 } architectures && @class.Architecture is { } architecture)
                yield return $"{Has(@class.Driver, architecture)} && {Attribute(@class.Driver, architecture)} in [{string.Join(", ", architectures.Select(Text))}]";
            if (asked.Partition is { } partition && @class.Profile is { } profile) yield return $"{Has(@class.Driver, profile)} && {Attribute(@class.Driver, profile)} == {Text(partition.Profile)}";
        }

        foreach (var attribute in asked.Attributes ?? []) yield return Of(attribute);
        foreach (var expression in asked.Selectors ?? []) yield return expression;
    }

    private static string Of(AttributeRequirement asked)
    {
        var slash = asked.Key.LastIndexOf('/');
        var (domain, name) = (asked.Key[..Math.Max(0, slash)], asked.Key[(slash + 1)..]);
        var (has, value) = (Has(domain, name), Attribute(domain, name));
        var values = string.Join(", ", (asked.Values ?? []).Select(v => Literal(v, asked.Type ?? AttributeType.String)));
        return (asked.Operator ?? AttributeOperator.In) switch
        {
            AttributeOperator.Exists => has,
            AttributeOperator.DoesNotExist => $"!({has})",
            AttributeOperator.NotIn => $"!({has}) || !({value} in [{values}])",
            AttributeOperator.AtLeast => $"{has} && {Compare(value, ">=", values, asked.Type)}",
            AttributeOperator.AtMost => $"{has} && {Compare(value, "<=", values, asked.Type)}",
            _ => $"{has} && {value} in [{values}]",
        };
    }

    private static string Compare(string attribute, string comparison, string value, AttributeType? type) =>
        type is AttributeType.Int ? $"{attribute} {comparison} {value}" : $"{attribute}.compareTo({value}) {comparison} 0";

    private static string Literal(string value, AttributeType type) => type switch
    {
        AttributeType.Int or AttributeType.Bool => value,
        AttributeType.Version => $"semver({Text(value)})",
        _ => Text(value),
    };

    private static string Has(string domain, string name) => $"{Text(name)} in device.attributes[{Text(domain)}]";

    private static string Attribute(string domain, string name) => $"device.attributes[{Text(domain)}][{Text(name)}]";

    private static string HasCapacity(string domain, string name) => $"{Text(name)} in device.capacity[{Text(domain)}]";

    private static string Capacity(string domain, string name) => $"device.capacity[{Text(domain)}][{Text(name)}]";

    /// <summary>A text of CEL: what the language gives a meaning, and all that is not plain ASCII, is escaped.</summary>
    private static string Text(string text)
    {
        var escaped = new StringBuilder("\"");
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.Value is '"' or '\\') escaped.Append('\\').Append(rune);
            else if (rune.Value is >= 0x20 and < 0x7f) escaped.Append(rune);
            else escaped.Append("\\U").Append(rune.Value.ToString("x8", System.Globalization.CultureInfo.InvariantCulture));
        }

        return escaped.Append('"').ToString();
    }
}
