using CsCheck;
using Slipway.Capacity.Answers.Models;

namespace Slipway.Capacity.Tests.Answers;

public sealed class MemorySizeTests
{
    [Theory]
    [InlineData("24GB", 24_000_000_000)]
    [InlineData("80 GiB", 80L << 30)]
    [InlineData("512M", 512_000_000)]
    [InlineData("1.5Ti", 1_649_267_441_664)]
    [InlineData("123", 123)]
    [InlineData("7b", 7)]
    public void Amounts_are_read_as_people_write_them(string text, long bytes) => Assert.Equal(bytes, MemorySize.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("GB")]
    [InlineData("-1GB")]
    [InlineData("0")]
    [InlineData("24 GBB")]
    [InlineData("24i")]
    [InlineData("24X")]
    [InlineData("1.2.3G")]
    [InlineData("99999999999999TB")]
    public void What_is_none_is_none(string text) => Assert.Null(MemorySize.Parse(text));

    [Fact]
    public void Whatever_is_written_is_read_without_a_fault() => Gen.String.Sample(static text => MemorySize.Parse(text) is null or > 0);
}
