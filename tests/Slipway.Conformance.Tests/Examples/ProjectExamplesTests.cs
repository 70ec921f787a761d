using System.Text;
using Slipway.Conformance.Tests.Harness;

namespace Slipway.Conformance.Tests.Examples;

/// <summary>
/// Every manifest that the projects around us publish is accepted, or refused in the words that a kube-apiserver 1.36.2 has for it.
/// <c>expected.txt</c> has what is refused; everything else has to be accepted with strict field validation.
/// </summary>
[Trait("Speed", "slow")]
public sealed class ProjectExamplesTests(ProjectDefinitions definitions) : IClassFixture<ProjectDefinitions>
{
    private static readonly ILookup<string, string> s_refused = File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Examples", "expected.txt"))
        .Where(l => l.Length > 0 && l[0] != '#')
        .ToLookup(l => l[..l.IndexOf(' ', StringComparison.Ordinal)], l => l[(l.IndexOf(' ', StringComparison.Ordinal) + 1)..]);

    public static TheoryData<string> Files => [.. Directory.GetFiles(Root, "*.yaml", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
        .Where(f => ExampleDocument.Of(f).Any()).Select(f => Path.GetRelativePath(Root, f))];

    private static string Root => Shared.Path("examples");

    [Theory]
    [MemberData(nameof(Files))]
    public async Task An_example_is_accepted_or_refused_as_by_the_real_server(string file)
    {
        var refused = new StringBuilder();
        foreach (var document in ExampleDocument.Of(Path.Combine(Root, file)))
        {
            if (await RefusalAsync(document) is { } refusal) refused.Append(document.Index).Append(' ').Append(document.Kind).Append(": ").Append(refusal).Append('\n');
        }

        var expected = string.Concat(s_refused[file].Select(l => l + "\n"));
        Assert.True(expected == refused.ToString(), $"expected of {file}:\n{expected}answered:\n{refused}");
    }

    private async Task<string?> RefusalAsync(ExampleDocument document)
    {
        if (await definitions.CollectionAsync(document.ApiVersion, document.Kind) is not { } collection) return $"no such kind in {document.ApiVersion}";
        var answer = await definitions.Server.PostAsync(collection + "?dryRun=All&fieldValidation=Strict", document.Text, "application/yaml");
        return (int)answer.Code == 201 ? null : $"{(int)answer.Code} {answer.Message?.Replace(definitions.Namespace, "NAMESPACE", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal)}";
    }
}
