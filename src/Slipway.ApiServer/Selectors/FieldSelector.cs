using Slipway.ApiServer.Http;
using Slipway.ApiServer.Json;
using Slipway.ApiServer.Kinds;
using Slipway.ApiServer.Storage;

namespace Slipway.ApiServer.Selectors;

/// <summary>A selector of the <c>fieldSelector</c> parameter. Every kind knows name and namespace, some know more.</summary>
internal sealed class FieldSelector
{
    private readonly List<(string Path, bool Equal, string Value)> _terms = [];

    public bool IsEmpty => _terms.Count == 0;

    /// <summary>Gets the one name that can match, where the selector asks for one: such a list is a get.</summary>
    public string? Name => _terms.FirstOrDefault(t => t is { Path: "metadata.name", Equal: true }).Value;

    public static FieldSelector Parse(string? text, ResourceType type, ServedVersion version)
    {
        var selector = new FieldSelector();
        foreach (var part in (text ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var equal = !part.Contains("!=", StringComparison.Ordinal);
            var sign = equal ? part.Contains("==", StringComparison.Ordinal) ? "==" : "=" : "!=";
            var at = part.IndexOf(sign, StringComparison.Ordinal);
            if (at < 0) throw Errors.BadRequest($"invalid selector: '{part}'; can't understand '{part}'");
            var path = part[..at].Trim();
            if (path is not ("metadata.name" or "metadata.namespace") && !version.SelectableFields.Contains(path, StringComparer.Ordinal))
                throw Errors.BadRequest($"Unable to find \"{version.ApiVersion}, Resource={type.Plural}\" that match label selector \"\", " +
                    $"field selector \"{text}\": field label not supported: {path}");
            selector._terms.Add((path, equal, part[(at + sign.Length)..].Trim()));
        }

        return selector;
    }

    public bool Matches(StoredObject item)
    {
        JsonMap? parsed = null;
        foreach (var (path, equal, value) in _terms)
        {
            var actual = path switch
            {
                "metadata.name" => item.Name,
                "metadata.namespace" => item.Namespace,
                _ => Text(JsonPaths.Get(parsed ??= item.Parse(), path)),
            };
            if (actual == value != equal) return false;
        }

        return true;
    }

    private static string Text(object? value) => value switch
    {
        null => "",
        string text => text,
        _ => JsonText.Of(value),
    };
}
