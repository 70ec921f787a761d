using System.Text;

namespace Slipway.Models.Store;

/// <summary>Files that readers find whole or not at all, whatever ends in the middle: written under another name beside their own, and then swapped in.</summary>
public static class WholeFile
{
    /// <summary>Writes a file in the place of the one before, with the folder that it lies in.</summary>
    /// <param name="path">The file.</param>
    /// <param name="write">Writes what is in it.</param>
    /// <param name="mine">Whether nobody but its owner may read it.</param>
    /// <exception cref="IOException">The disk is full, or the place cannot be written to.</exception>
    /// <exception cref="UnauthorizedAccessException">The place may not be written to.</exception>
    public static void Write(string path, Action<Stream> write, bool mine = false)
    {
        ArgumentNullException.ThrowIfNull(write);
        var whole = Path.GetFullPath(path);
        Directory.CreateDirectory(Path.GetDirectoryName(whole)!);
        // Of its own: two that write at once do not write into each other's.
        var partial = $"{whole}.{Guid.NewGuid():N}.partial";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (mine && !OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        try
        {
            using (var file = new FileStream(partial, options)) write(file);
            File.Move(partial, whole, overwrite: true);
        }
        catch
        {
            File.Delete(partial);
            throw;
        }
    }

    /// <summary>Writes a text, in UTF-8.</summary>
    /// <param name="path">The file.</param>
    /// <param name="text">The text.</param>
    /// <param name="mine">Whether nobody but its owner may read it.</param>
    /// <exception cref="IOException">The disk is full, or the place cannot be written to.</exception>
    /// <exception cref="UnauthorizedAccessException">The place may not be written to.</exception>
    public static void Write(string path, string text, bool mine = false) => Write(path, Encoding.UTF8.GetBytes(text), mine);

    /// <summary>Writes bytes.</summary>
    /// <param name="path">The file.</param>
    /// <param name="bytes">The bytes.</param>
    /// <param name="mine">Whether nobody but its owner may read it.</param>
    /// <exception cref="IOException">The disk is full, or the place cannot be written to.</exception>
    /// <exception cref="UnauthorizedAccessException">The place may not be written to.</exception>
    public static void Write(string path, ReadOnlyMemory<byte> bytes, bool mine = false) => Write(path, file => file.Write(bytes.Span), mine);

    /// <summary>Writes lines, or whatever a writer of text writes.</summary>
    /// <param name="path">The file.</param>
    /// <param name="write">Writes what is in it.</param>
    /// <exception cref="IOException">The disk is full, or the place cannot be written to.</exception>
    /// <exception cref="UnauthorizedAccessException">The place may not be written to.</exception>
    public static void WriteText(string path, Action<TextWriter> write) => Write(path, file =>
    {
        using var text = new StreamWriter(file);
        write(text);
    });
}
