using CsCheck;
using Slipway.Api.ModelDeployments;
using Slipway.Kubernetes.Objects;
using Slipway.Operator.ModelDeployments;

namespace Slipway.Operator.Tests.ModelDeployments;

public sealed class NameIndexTests
{
    [Fact]
    public void The_oldest_keeps_a_name_and_the_next_gets_it_when_it_goes()
    {
        var index = new NameIndex();
        Assert.Empty(index.Set(Key(1), Deployment(1, "model", age: 5)));
        // One more that has to wait is news to itself alone: a thousand deployments of one model are not looked at for each of them.
        Assert.Empty(index.Set(Key(2), Deployment(2, "model", age: 3)));
        Assert.Equal((null, Key(1)), (index.TakenBy(Key(1)), index.TakenBy(Key(2))));
        Assert.Equal([Key(2)], index.Set(Key(1), null));
        Assert.Null(index.TakenBy(Key(2)));
        Assert.Equal([Key(2)], index.Set(Key(3), Deployment(3, "model", age: 9)));
    }

    // ModelNames.Owner, which counts all, is what the index must agree with after any history.
    [Fact]
    public void After_any_history_it_says_what_counting_all_would_say() =>
        Gen.Select(Gen.Int[0, 5], Gen.Int[0, 2], Gen.Int[0, 3], Gen.Bool).Array[0, 30].Sample(history =>
        {
            var index = new NameIndex();
            var all = new Dictionary<NamespacedName, ModelDeployment>();
            foreach (var (number, name, age, gone) in history)
            {
                if (gone) all.Remove(Key(number));
                else all[Key(number)] = Deployment(number, $"model-{name}", age);
                index.Set(Key(number), gone ? null : all[Key(number)]);
            }

            return all.All(d => index.TakenBy(d.Key) is var taken
                && ModelNames.Owner(all.Values, ServedModel.RoutedName(d.Value))!.Metadata.Uid is var owner
                && (taken is { } by ? all[by].Metadata.Uid == owner && by != d.Key : owner == d.Value.Metadata.Uid));
        });

    private static NamespacedName Key(int number) => new("default", $"d{number}");

    private static ModelDeployment Deployment(int number, string name, int age) => new()
    {
        Metadata = new() { Name = $"d{number}", Namespace = "default", Uid = $"uid-{number}", CreationTimestamp = new DateTimeOffset(2026, 1, 10 - age, 0, 0, 0, TimeSpan.Zero) },
        Spec = new() { Model = new() { Id = "org/x", ServedName = name } },
    };
}
