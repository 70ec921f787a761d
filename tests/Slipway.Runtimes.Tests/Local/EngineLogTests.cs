using System.Text;
using Slipway.Runtimes.Local.Logs;
using Slipway.Testing;

namespace Slipway.Runtimes.Tests.Local;

public sealed class EngineLogTests : IDisposable
{
    private readonly TempDirectory _folder = new();

    private string Log => EngineLogs.PathOf(_folder.Path, "tiny", 0);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_tail_is_the_last_lines_and_none_when_there_is_no_log()
    {
        Assert.Empty(await EngineLogs.TailAsync(Log, 10, Cancelled));
        using var writer = new EngineLogWriter(Log);
        Append(writer, "one\ntwo\nthree\n");

        Assert.Equal(["two", "three"], await EngineLogs.TailAsync(Log, 2, Cancelled));
        Assert.Equal(["one", "two", "three"], writer.LastLines());
    }

    [Fact]
    public async Task A_log_takes_at_most_two_files_of_the_bound()
    {
        using var writer = new EngineLogWriter(Log, maxBytes: 1000);
        for (var i = 0; i < 300; i++) Append(writer, $"line number {i}\n");

        Assert.Equal(["tiny-0.log", "tiny-0.log.1"], Directory.GetFiles(_folder.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.All(Directory.GetFiles(_folder.Path), static f => Assert.InRange(new FileInfo(f).Length, 1, 1000));
        Assert.Equal("line number 299", (await EngineLogs.TailAsync(Log, 1, Cancelled))[0]);
    }

    [Fact]
    public async Task Following_gives_old_lines_then_new_ones_through_a_rotation_and_whole()
    {
        using var writer = new EngineLogWriter(Log, maxBytes: 100);
        Append(writer, "old\n");
        await using var lines = EngineLogs.FollowAsync(Log, 10, TimeProvider.System, Cancelled).GetAsyncEnumerator(Cancelled);
        Assert.Equal("old", await NextAsync(lines));

        Append(writer, "ha");
        Append(writer, "lf\n");
        Assert.Equal("half", await NextAsync(lines));

        Append(writer, new string('x', 90) + "\n");
        Append(writer, "after\n");
        Assert.Equal(new string('x', 90), await NextAsync(lines));
        Assert.Equal("after", await NextAsync(lines));
    }

    private static async Task<string> NextAsync(IAsyncEnumerator<string> lines)
    {
        Assert.True(await lines.MoveNextAsync());
        return lines.Current;
    }

    private static void Append(EngineLogWriter writer, string text) => writer.Append(Encoding.UTF8.GetBytes(text));
}
