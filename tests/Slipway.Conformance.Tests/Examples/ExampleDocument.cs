using System.Text.RegularExpressions;
using YamlDotNet.RepresentationModel;

namespace Slipway.Conformance.Tests.Examples;

/// <summary>One Kubernetes object of an example file, as text, without the namespace that its author wrote.</summary>
internal sealed partial record ExampleDocument(int Index, string ApiVersion, string Kind, string Text)
{
    /// <summary>The objects of a file; what is no object (values of a chart, an empty document) is passed over.</summary>
    public static IEnumerable<ExampleDocument> Of(string file)
    {
        var index = 0;
        foreach (var text in Separator().Split(File.ReadAllText(file)))
        {
            if (Read(text, ++index) is { } document) yield return document;
        }
    }

    private static ExampleDocument? Read(string text, int index)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(text));
        if (stream.Documents is not [{ RootNode: YamlMappingNode root }]) return null;
        if (Scalar(root, "apiVersion") is not { } version || Scalar(root, "kind") is not { } kind) return null;
        if (root.Children.TryGetValue("metadata", out var metadata)) (metadata as YamlMappingNode)?.Children.Remove("namespace");
        var written = new StringWriter();
        stream.Save(written, assignAnchors: false);
        return new(index, version, kind, written.ToString());
    }

    private static string? Scalar(YamlMappingNode root, string key) => root.Children.TryGetValue(key, out var value) ? (value as YamlScalarNode)?.Value : null;

    [GeneratedRegex(@"^---.*$", RegexOptions.Multiline)]
    private static partial Regex Separator();
}
