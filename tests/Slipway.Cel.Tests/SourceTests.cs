namespace Slipway.Cel.Tests;

/// <summary>Values that are read where they are.</summary>
public sealed class SourceTests
{
    private static readonly CelEnvironment s_environment = CelEnvironment.Kubernetes.WithVariable("self", CelType.Dyn);

    [Theory]
    [InlineData("self.a", "a")]
    [InlineData("has(self.a) && !has(self.zz)", "a zz")]
    [InlineData("size(self) == 2 && size(self.list) == 3", "list")]
    [InlineData("self.list[1]", "list 1")]
    public void Only_what_is_looked_at_is_read(string expression, string read)
    {
        List<string> log = [];
        Assert.True(Run(expression, new Recorded(log)).IsSuccess);
        Assert.Equal(read, string.Join(' ', log));
    }

    [Theory]
    [InlineData("self == {'a': 1, 'list': [10, 20, 30]} && {'a': 1, 'list': [10, 20, 30]} == self")]
    [InlineData("self.list == [10, 20, 30] && self.list + [1] == [10, 20, 30, 1] && 20 in self.list")]
    [InlineData("self.all(k, k in ['a', 'list']) && self.list.exists(x, x == 30)")]
    [InlineData("self.list.all(i, v, v == (i + 1) * 10)")]
    public void Sources_behave_as_values(string expression) => Assert.True(Run(expression, new Recorded([])).IsTrue);

    [Theory]
    [InlineData("self == [{'k': 'b', 'v': 2}, {'k': 'a', 'v': 1}]", true)]
    [InlineData("self == [{'k': 'a', 'v': 1}, {'k': 'b', 'v': 3}]", false)]
    [InlineData("self + [{'k': 'b', 'v': 9}, {'k': 'c', 'v': 3}] == [{'k': 'a', 'v': 1}, {'k': 'b', 'v': 9}, {'k': 'c', 'v': 3}]", true)]
    public void Keyed_lists_compare_and_add_by_their_keys(string expression, bool holds)
    {
        var list = s_environment.Compile("[{'k': 'a', 'v': 1}, {'k': 'b', 'v': 2}]").Program!.Evaluate(new Dictionary<string, CelValue>()).Value!;
        var result = s_environment.Compile(expression).Program!.Evaluate(new Dictionary<string, CelValue> { ["self"] = CelValue.From(new Whole(list), keys: ["k"]) });
        Assert.Equal(holds, result.IsTrue);
    }

    [Fact]
    public void A_part_that_is_no_value_fails_only_where_it_is_used()
    {
        var self = CelValue.From(new Dictionary<string, CelValue> { ["bad"] = CelValue.Failure("not readable"), ["good"] = CelValue.From(1) });
        var variables = new Dictionary<string, CelValue> { ["self"] = self };
        Assert.True(s_environment.Compile("self.good == 1").Program!.Evaluate(variables).IsTrue);
        Assert.Equal("not readable", s_environment.Compile("self.bad == 1").Program!.Evaluate(variables).Error);
    }

    private static CelResult Run(string expression, ICelMap source) =>
        s_environment.Compile(expression).Program!.Evaluate(new Dictionary<string, CelValue> { ["self"] = CelValue.From(source) });

    private sealed class Recorded(List<string> log) : ICelMap
    {
        public int Count => 2;

        public long Weight => 10;

        public IEnumerable<string> Keys => ["a", "list"];

        public CelValue? Find(string key)
        {
            log.Add(key);
            return key switch
            {
                "a" => CelValue.From(1),
                "list" => CelValue.From(new Tens(log)),
                _ => null,
            };
        }
    }

    private sealed class Tens(List<string> log) : ICelList
    {
        public int Count => 3;

        public long Weight => 3;

        public CelValue this[int index]
        {
            get
            {
                log.Add(index.ToString());
                return CelValue.From((index + 1L) * 10);
            }
        }
    }

    private sealed class Whole(CelValue list) : ICelList
    {
        private readonly CelValue[] _items = [.. ((Values.ListValue)list).Items];

        public int Count => _items.Length;

        public long Weight => 10;

        public CelValue this[int index] => _items[index];
    }
}
