namespace Slipway.Cel.Tests.Conformance;

/// <summary>Every line of the suites passes, but for the exceptions listed with a reason; a listed line that passes must leave the list.</summary>
public sealed class ConformanceTests(ITestOutputHelper output)
{
    private static readonly Dictionary<string, string> s_exceptions = File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Conformance", "exceptions.txt"))
        .Where(l => l.Length > 0 && l[0] != '#')
        .Select(l => l.Split(" | ", 2))
        .ToDictionary(l => l[0], l => l[1]);

    [Fact]
    public void The_specs_suite_passes() => Run(Corpus.Spec);

    [Fact]
    public void Kubernetes_suite_passes() => Run(Corpus.Kubernetes);

    [Fact]
    public void Every_exception_names_a_test() =>
        Assert.Empty(s_exceptions.Keys.Except(Corpus.Spec.Concat(Corpus.Kubernetes).Select(c => c.Id)));

    private void Run(List<Case> cases)
    {
        Assert.NotEmpty(cases);
        List<string> wrong = [];
        foreach (var suite in cases.GroupBy(c => c.Suite))
        {
            var failed = 0;
            foreach (var test in suite.GroupBy(c => c.Id))
            {
                var failures = test.Select(t => (t, Why: Runner.Run(t))).Where(r => r.Why is not null).ToList();
                failed += failures.Count;
                if (s_exceptions.ContainsKey(test.Key))
                {
                    if (failures.Count == 0) wrong.Add($"{test.Key} passes: take it off the list");
                    continue;
                }

                wrong.AddRange(failures.Select(f => $"{f.t.Id} (line {f.t.Line}): {f.t.Expression}\n      {f.Why}"));
            }

            output.WriteLine($"{suite.Key}: {suite.Count() - failed} of {suite.Count()}");
        }

        Assert.True(wrong.Count == 0, $"{wrong.Count} wrong:\n" + string.Join("\n", wrong));
    }
}
