using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Slipway.Api.Schemas;

/// <summary>The docstrings of an assembly, as the compiler writes them beside it.</summary>
public sealed partial class XmlDocs
{
    private readonly Dictionary<string, string> _summaries;

    private XmlDocs(Dictionary<string, string> summaries) => _summaries = summaries;

    /// <summary>Reads the documentation file of an assembly.</summary>
    /// <param name="assembly">The assembly.</param>
    /// <returns>Its docstrings.</returns>
    /// <exception cref="FileNotFoundException">The documentation file is not beside the assembly.</exception>
    public static XmlDocs For(Assembly assembly)
    {
        ArgumentNullException.ThrowIfNull(assembly);
        var path = Path.ChangeExtension(assembly.Location, ".xml");
        var members = XDocument.Load(path).Descendants("member")
            .Select(m => (Name: (string?)m.Attribute("name"), Summary: m.Element("summary")?.Value))
            .Where(m => m.Name is not null && m.Summary is not null);
        return new XmlDocs(members.ToDictionary(m => m.Name!, m => Blanks().Replace(m.Summary!, " ").Trim(), StringComparer.Ordinal));
    }

    internal string? Of(MemberInfo member)
    {
        var key = member is Type type ? $"T:{type.FullName}" : $"P:{member.DeclaringType!.FullName}.{member.Name}";
        return _summaries.GetValueOrDefault(key);
    }

    [GeneratedRegex(@"\s+", RegexOptions.NonBacktracking)]
    private static partial Regex Blanks();
}
