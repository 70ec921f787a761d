using CsCheck;
using Slipway.Capacity.Answers;
using Slipway.Web.Hardware;

namespace Slipway.Web.Tests.Hardware;

public sealed class UnitMapTests
{
    [Fact]
    public void Every_unit_has_its_holder_and_the_rest_is_free() => Assert.Equal(
        ["model default/a", "model default/a", "pod jobs/train", "free"],
        UnitMap.Of(Device(4) with { Used = 3, Free = 1, Holders = [new("default", "a-0", "default/a", 2), new("jobs", "train", null, 1)] }).Select(static u => u.Title));

    [Fact]
    public void What_is_used_by_nobody_known_is_in_use_all_the_same() => Assert.Equal(["in use", "in use", "free"], UnitMap.Of(Device(3) with { Used = 2, Free = 1 }).Select(static u => u.Title));

    [Fact]
    public void Where_use_is_not_known_nothing_is_called_free() => Assert.Equal(["use unknown", "use unknown"], UnitMap.Of(Device(2)).Select(static u => u.Title));

    [Fact]
    public void What_does_not_work_is_broken_and_not_free() => Assert.Equal(["", "", "broken"], UnitMap.Of(Device(3) with { Allocatable = 2, Used = 0, Free = 2 }).Select(static u => u.Class));

    [Fact]
    public void However_many_there_are_the_map_stays_a_map() => Gen.Select(Gen.Long[0, 5000], Gen.Long[0, 5000], Gen.Long[0, 5000]).Sample((total, used, works) =>
        UnitMap.Of(Device(total) with { Used = Math.Min(used, total), Allocatable = Math.Min(works, total), Free = 0 }).Count <= 256);

    private static DeviceAnswer Device(long total) => new() { Resource = "nvidia.com/gpu", Total = total };
}
