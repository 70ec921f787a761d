using System.Text.Json.Nodes;
using Slipway.Evaluation.Grading;
using Slipway.Evaluation.Importing;
using Slipway.Evaluation.Suites;

namespace Slipway.Evaluation.Tests.Grading;

/// <summary>docs/graders.md has every grader, and what it shows is read.</summary>
public sealed class GradersPageTests
{
    [Fact]
    public void Every_grader_is_shown_as_a_suite_takes_it()
    {
        var page = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "graders.md"));
        var start = page.IndexOf("```yaml\n", StringComparison.Ordinal) + "```yaml\n".Length;
        var shown = ImportYaml.Read("page", page[start..page.IndexOf("```", start, StringComparison.Ordinal)], new SuiteBuilder())!["graders"]!.AsArray();
        Assert.Equal(GraderCatalog.Types, shown.Select(static g => (string)g!["type"]!).Order(StringComparer.Ordinal));
        foreach (var grader in shown)
        {
            var problems = new List<string>();
            Assert.NotNull(GraderCatalog.Create((string)grader!["type"]!, new Fields(grader["with"] as JsonObject, "with", problems)));
            Assert.Empty(problems);
        }
    }
}
