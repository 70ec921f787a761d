using Slipway.Kubernetes.Objects;
using Slipway.Operator.Upstream;

namespace Slipway.Operator.Tests.Upstream;

public sealed class OwnedObjectsTests
{
    private static readonly NamespacedName s_a = new("default", "a");
    private static readonly NamespacedName s_b = new("default", "b");

    private readonly OwnedObjects<string, object> _objects = new();

    [Fact]
    public void An_object_that_comes_changes_and_goes_is_told_for_its_deployment()
    {
        Assert.Equal([s_a], _objects.Set("x", "default", "1", s_a));
        Assert.Equal([s_a], _objects.Set("x", "default", "2", s_a));
        Assert.Equal("2", _objects.Of(s_a)["x"]);
        Assert.Equal([s_a], _objects.Set("x", "default", null, null));
        Assert.Empty(_objects.Of(s_a));
    }

    [Fact]
    public void An_object_that_moves_is_told_to_both()
    {
        _ = _objects.Set("x", "default", "1", s_a);
        Assert.Equal([s_a, s_b], _objects.Set("x", "default", "1", s_b).OrderBy(k => k.Name));
        Assert.Empty(_objects.Of(s_a));
        Assert.Single(_objects.Of(s_b));
    }

    [Fact]
    public void The_same_name_in_another_namespace_is_another_object()
    {
        _ = _objects.Set("x", "default", "1", s_a);
        var other = new NamespacedName("other", "a");
        Assert.Equal([other], _objects.Set("x", "other", "2", other));
        Assert.Equal("1", _objects.Of(s_a)["x"]);
    }

    [Fact]
    public void What_is_no_longer_watched_is_forgotten()
    {
        _ = _objects.Set("x", "default", "1", s_a);
        _ = _objects.Set("y", "default", "1", s_a);
        _objects.Forget(id => id == "x");
        Assert.Equal(["y"], _objects.Of(s_a).Keys);
    }
}
