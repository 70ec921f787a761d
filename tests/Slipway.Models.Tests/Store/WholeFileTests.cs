using Slipway.Models.Store;
using Slipway.Testing;

namespace Slipway.Models.Tests.Store;

public sealed class WholeFileTests : IDisposable
{
    private readonly TempDirectory _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_was_there_stays_until_the_new_is_whole_and_nothing_else_is_left()
    {
        var path = Path.Combine(_folder.Path, "a", "b.txt");
        WholeFile.Write(path, "before");
        Assert.Throws<InvalidOperationException>(() => WholeFile.Write(path, file =>
        {
            file.Write("half"u8);
            file.Flush();
            Assert.Equal("before", File.ReadAllText(path));
            throw new InvalidOperationException();
        }));
        Assert.Equal("before", File.ReadAllText(path));
        WholeFile.WriteText(path, static text => text.Write("after"));
        Assert.Equal("after", File.ReadAllText(path));
        Assert.Equal([path], Directory.GetFiles(Path.GetDirectoryName(path)!));
    }

    [Fact]
    public void What_is_its_owners_is_read_by_nobody_else()
    {
        if (OperatingSystem.IsWindows()) return;
        var path = _folder["secret"];
        File.WriteAllText(path, "for everybody");
        WholeFile.Write(path, "mine", mine: true);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
    }

    [Fact]
    public async Task Many_that_write_at_once_leave_one_that_is_whole()
    {
        var path = _folder["busy"];
        await Task.WhenAll(Enumerable.Range(0, 50).Select(i => Task.Run(() => WholeFile.Write(path, new string((char)('a' + i % 26), 10_000)), TestContext.Current.CancellationToken)));
        var left = await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken);
        Assert.Equal((10_000, 1), (left.Length, left.Distinct().Count()));
    }
}
