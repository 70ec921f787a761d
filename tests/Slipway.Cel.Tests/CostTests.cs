namespace Slipway.Cel.Tests;

/// <summary>Costs in Kubernetes' units. The numbers are what k8s.io/apiextensions-apiserver 1.36 estimates for the same schema and rule.</summary>
public sealed class CostTests
{
    private const long Unbounded = 3 * 1024 * 1024 - 2;

    private static readonly CelType s_self = CelType.Object("self", new Dictionary<string, CelType>
    {
        ["a"] = CelType.String.WithMaxSize(40),
        ["s"] = CelType.String.WithMaxSize(Unbounded),
        ["i"] = CelType.Int,
        ["b"] = CelType.List(CelType.String.WithMaxSize(12)).WithMaxSize(5),
        ["l"] = CelType.List(CelType.String.WithMaxSize(Unbounded)).WithMaxSize(1048575),
        ["m"] = CelType.Map(CelType.String, CelType.String.WithMaxSize(Unbounded)).WithMaxSize(393215),
    });

    private static readonly CelEnvironment s_environment = CelEnvironment.Kubernetes.WithVariable("self", s_self);

    [Theory]
    [InlineData("self.a == 'x'", 3)]
    [InlineData("self.i > 5", 3)]
    [InlineData("has(self.a)", 1)]
    [InlineData("self.b.all(x, x.startsWith('a'))", 28)]
    [InlineData("self.b.map(x, x.size()).sum() > 3", 89)]
    [InlineData("self.a.contains('ab')", 6)]
    [InlineData("self.a.matches('^a+$')", 7)]
    [InlineData("self.i == 3 ? self.a.size() > 1 : true", 6)]
    [InlineData("[1, 2, 3].exists(x, x == self.i)", 32)]
    [InlineData("self.?a.orValue('x') == 'x'", 4)]
    public void A_rule_costs_at_most_what_its_sizes_allow(string expression, long most) => Assert.Equal((ulong)most, Estimate(expression).Max);

    [Fact]
    public void What_nothing_bounds_grows_with_the_request()
    {
        Assert.True(Estimate("self.l.all(x, self.l.all(y, x == y))").Max > 100_000_000_000);
        Assert.Equal(ulong.MaxValue, Estimate("self.l.all(x, self.l.all(y, self.l.all(z, self.l.all(w, w.matches(z)))))").Max);
    }

    [Theory]
    [InlineData("self.a == 'x'", 3)]
    [InlineData("has(self.a) && self.i == 3", 4)]
    [InlineData("self.b.all(x, x.startsWith('a'))", 13)]
    [InlineData("[1, 2] == [1, 2]", 1)]
    [InlineData("self.b.map(x, x.size()).sum() > 3", 34)]
    [InlineData("self.b.exists(x, x == 'a2')", 15)]
    [InlineData("self.b.exists_one(x, x == 'a2')", 10)]
    [InlineData("self.b.filter(x, x == 'a2').size() == 1", 22)]
    [InlineData("self.b[0] == 'a1'", 4)]
    [InlineData("self.a.matches('^x$')", 3)]
    [InlineData("self.i == 3 ? self.a == 'x' : false", 6)]
    [InlineData("self.b.join(',') == 'a1,a2'", 4)]
    [InlineData("self.?a.orValue('x') == 'x'", 3)]
    [InlineData("self.b.all(i, v, v.size() > i)", 17)]
    public void An_evaluation_counts_what_it_did(string expression, long cost) => Assert.Equal(cost, Run(expression, CelLimits.Kubernetes).Cost);

    [Theory]
    [InlineData("self.a == 'x'", 2)]
    [InlineData("self.b.all(x, true)", 5)]
    public void Cost_beyond_the_limit_ends_an_evaluation(string expression, long limit)
    {
        var result = Run(expression, new CelLimits(1_000_000, limit));
        Assert.True(result.IsOutOfBudget);
        Assert.Equal("operation cancelled: actual cost limit exceeded", result.Error);
    }

    [Fact]
    public void An_expression_names_the_variables_that_it_uses()
    {
        var environment = s_environment.WithVariable("oldSelf", s_self);
        Assert.Equal(["self"], environment.Compile("self.a == 'x' && ['oldSelf'].exists(oldSelf, oldSelf == 'oldSelf')").Program!.Variables);
        Assert.Equal(["oldSelf", "self"], environment.Compile("self.b.all(x, x in oldSelf.b)").Program!.Variables.Order());
    }

    [Fact]
    public void Only_a_checked_expression_has_an_estimate() =>
        Assert.Throws<InvalidOperationException>(() => s_environment.WithoutCheck().Compile("self.a").EstimateCost(s_self));

    private static CelCostEstimate Estimate(string expression)
    {
        var compilation = s_environment.Compile(expression);
        Assert.True(compilation.IsSuccess, string.Join('\n', compilation.Issues));
        return compilation.EstimateCost(s_self);
    }

    private static CelResult Run(string expression, CelLimits limits) => s_environment.Compile(expression).Program!.Evaluate(new Dictionary<string, CelValue>
    {
        ["self"] = CelValue.From(new Dictionary<string, CelValue>
        {
            ["a"] = CelValue.From("x"),
            ["i"] = CelValue.From(3),
            ["b"] = CelValue.From([CelValue.From("a1"), CelValue.From("a2")]),
        }),
    }, limits);
}
