using CsCheck;
using Slipway.Cel.Tests.Conformance;

namespace Slipway.Cel.Tests;

/// <summary>Whatever the text, compiling and evaluating end soon and with a value.</summary>
public sealed class HostileInputTests
{
    private static readonly string[] s_tokens =
    [
        "a", "b", "x", "1", "2u", "0x7f", "1.5e3", "'s'", "\"t\"", "b'z'", "r'\\d+'", "true", "null", "in", "+", "-", "*", "/", "%", "!", "&&", "||", "?", ":",
        "(", ")", "[", "]", "{", "}", ",", ".", ".?", "[?", "==", "!=", "<", ">=", " ", "\n", "//", "has(", ".map(", ".all(i, ", ".exists(", "cel.bind(x, ",
        ".filter(", ".matches(", "size(", "int(", "timestamp('2020-01-01T00:00:00Z')", "duration('1h')", ".format(", "optional.of(", ".orValue(", "lists.range(",
        "quantity('1k')", "ip('::1')", ".`a-b`", "'''", "\\", "\0", "é", "🐱",
    ];

    private static readonly Dictionary<string, CelValue> s_variables = new() { ["a"] = CelValue.From([CelValue.From(1), CelValue.From(2)]), ["b"] = CelValue.From("text") };

    private static Gen<string> OneOf(string[] choices) => Gen.Int[0, choices.Length - 1].Select(i => choices[i]);

    private static void Try(string expression)
    {
        var environment = CelEnvironment.Kubernetes.WithVariable("a", CelType.Dyn).WithVariable("b", CelType.Dyn);
        foreach (var compilation in new[] { environment.Compile(expression), environment.WithoutCheck().Compile(expression) })
        {
            Assert.All(compilation.Issues, i => Assert.NotEmpty(i.ToString()));
            compilation.Program?.Evaluate(s_variables, 20_000);
        }
    }

    [Fact]
    public void Token_soup_is_survived() =>
        OneOf(s_tokens).Array[0, 30].Sample(tokens => Try(string.Concat(tokens)), iter: 20_000, threads: 2);

    [Fact]
    public void Mutated_expressions_are_survived()
    {
        var valid = Corpus.Spec.Concat(Corpus.Kubernetes).Select(c => c.Expression).Distinct().ToArray();
        Gen.Select(OneOf(valid), OneOf(valid), Gen.Int[0, 10_000], Gen.Int[0, 10_000], OneOf(s_tokens)).Sample(
            (one, other, from, to, token) => Try(one[..(from % (one.Length + 1))] + token + other[(to % (other.Length + 1))..]), iter: 10_000, threads: 2);
    }

    [Theory]
    [InlineData("(", "1", ")")]
    [InlineData("[", "1", "]")]
    [InlineData("{1: ", "1", "}")]
    [InlineData("!(", "true", ")")]
    [InlineData("a[", "0", "]")]
    [InlineData("size(", "a", ")")]
    [InlineData("", "1", " + 1")]
    [InlineData("", "a", ".f")]
    [InlineData("", "a", "[0]")]
    [InlineData("true ? 1 : ", "1", "")]
    [InlineData("a.map(x, ", "1", ")")]
    [InlineData("cel.bind(x, 1, ", "1", ")")]
    public void Deep_nesting_is_an_issue(string open, string middle, string close)
    {
        var deep = string.Concat(Enumerable.Repeat(open, 5_000)) + middle + string.Concat(Enumerable.Repeat(close, 5_000));
        Assert.False(CelEnvironment.Standard.WithoutCheck().Compile(deep).IsSuccess);
    }

    [Theory]
    [InlineData("!!!!")]
    [InlineData("----")]
    public void Long_runs_of_signs_stay_flat(string signs) => Try(string.Concat(Enumerable.Repeat(signs, 20_000)) + "1");

    [Fact]
    public void Long_chains_of_logic_stay_shallow() =>
        Assert.True(CelEnvironment.Standard.Compile(string.Join(" || ", Enumerable.Repeat("false", 5_000)) + " || true").Program!.Evaluate(s_variables).IsTrue);

    [Fact]
    public void The_deepest_allowed_expression_evaluates_on_a_small_stack()
    {
        var program = CelEnvironment.Standard.Compile(string.Join(" + ", Enumerable.Repeat("1", 700))).Program!;
        CelResult? result = null;
        var thread = new Thread(() => result = program.Evaluate(s_variables), maxStackSize: 256 * 1024);
        thread.Start();
        thread.Join();
        Assert.NotNull(result);
    }

    [Theory]
    [InlineData("lists.range(1000).map(a, lists.range(1000).map(b, lists.range(1000).map(c, a * b * c)))")]
    [InlineData("lists.range(1000).all(a, lists.range(1000).all(b, lists.range(1000).all(c, true)))")]
    public void The_budget_stops_nested_comprehensions(string expression) =>
        Assert.True(CelEnvironment.Standard.Compile(expression).Program!.Evaluate(s_variables).IsOutOfBudget);

    [Theory]
    [InlineData("[x, x]", "[1]")]
    [InlineData("x + x", "'0123456789'")]
    [InlineData("{1: x, 2: x}", "{1: 1}")]
    [InlineData("x.map(i, x)", "[1, 2]")]
    public void The_budget_stops_doubling(string twice, string start)
    {
        var expression = "x == x";
        for (var i = 0; i < 60; i++) expression = $"cel.bind(x, {twice}, {expression})";
        var result = CelEnvironment.Standard.Compile($"cel.bind(x, {start}, {expression})").Program!.Evaluate(s_variables);
        Assert.True(result.IsOutOfBudget);
    }

    [Theory]
    [InlineData("'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!'.matches('(a+)+$')")]
    [InlineData("'a'.matches('((a{1,100}){1,100}){1,100}')")]
    [InlineData("'a'.matches('(a)\\\\1')")]
    [InlineData("'a'.matches('(?=a)')")]
    public void Hostile_patterns_take_linear_time_or_are_refused(string expression) => Try(expression);

    [Fact]
    public void The_budget_stops_searches_for_long_text_in_long_text()
    {
        var expression = "x.contains(x + 'b' + x)";
        for (var i = 0; i < 17; i++) expression = $"cel.bind(x, x + x, {expression})";
        Assert.True(CelEnvironment.Standard.Compile($"cel.bind(x, 'aaaa', {expression})").Program!.Evaluate(s_variables).IsOutOfBudget);
    }

    [Fact]
    public void The_budget_stops_a_flood_of_patterns() =>
        Assert.True(CelEnvironment.Standard.Compile("lists.range(100000).all(i, 'a'.matches('a|' + string(i)))").Program!.Evaluate(s_variables).IsOutOfBudget);

    [Fact]
    public void Types_that_double_are_an_issue()
    {
        var expression = "x == x";
        for (var i = 0; i < 60; i++) expression = $"cel.bind(x, {{x: x}}, {expression})";
        Assert.NotEmpty(CelEnvironment.Standard.Compile($"cel.bind(x, 1, {expression})").Issues);
    }

    [Fact]
    public void Long_expressions_check_in_linear_time() =>
        Assert.True(CelEnvironment.Standard.Compile(string.Join("&&", Enumerable.Repeat("[]==[]", 12_000))).Program!.Evaluate(s_variables).IsTrue);

    [Fact]
    public void Compiling_on_a_small_stack_ends_with_a_value()
    {
        CelCompilation? compilation = null;
        var text = string.Concat(Enumerable.Repeat("[", 240)) + string.Concat(Enumerable.Repeat("]", 240));
        var thread = new Thread(() => compilation = CelEnvironment.Standard.Compile(text), maxStackSize: 192 * 1024);
        thread.Start();
        thread.Join();
        Assert.NotNull(compilation);
    }
}
