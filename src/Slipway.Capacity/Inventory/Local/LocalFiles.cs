namespace Slipway.Capacity.Inventory.Local;

/// <summary>Reads small files of a kernel, none of which has to be there.</summary>
internal static class LocalFiles
{
    private const int Longest = 64 * 1024;

    public static string? Text(params ReadOnlySpan<string> path)
    {
        try
        {
            using var file = File.OpenText(Path.Combine(path));
            var buffer = new char[Longest];
            var length = file.ReadBlock(buffer, 0, Longest);
            return new string(buffer, 0, length).Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    public static IEnumerable<string> Folders(params ReadOnlySpan<string> path)
    {
        try
        {
            return [.. Directory.EnumerateDirectories(Path.Combine(path)).Order(StringComparer.Ordinal).Take(1024)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
