namespace Slipway.Architecture.Tests;

/// <summary>Files stay small enough to read in one go.</summary>
public sealed class FilesTests
{
    [Fact]
    public void No_source_file_is_longer_than_500_lines()
    {
        var long_ = Source.Files().Select(f => (f, Lines: File.ReadLines(f).Count())).Where(f => f.Lines > 500).Select(f => $"{Path.GetFileName(f.f)}: {f.Lines}");
        Assert.Empty(long_);
    }

    [Fact]
    public void Half_of_the_source_files_are_shorter_than_80_lines()
    {
        var lines = Source.Files().Select(f => File.ReadLines(f).Count()).Order().ToList();
        Assert.True(lines[lines.Count / 2] < 80, $"The median source file has {lines[lines.Count / 2]} lines.");
    }
}
