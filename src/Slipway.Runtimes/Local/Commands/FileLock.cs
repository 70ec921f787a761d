namespace Slipway.Runtimes.Local.Commands;

/// <summary>A lock between processes on one machine, held while a file is open; a killed holder lets go.</summary>
public sealed class FileLock : IDisposable
{
    private static readonly TimeSpan s_poll = TimeSpan.FromMilliseconds(200);

    private readonly FileStream _file;

    private FileLock(FileStream file) => _file = file;

    /// <summary>Waits for the lock.</summary>
    /// <param name="path">The lock file; it and its directory are made when missing, and the file stays afterwards.</param>
    /// <param name="time">Clock of the wait.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task<FileLock> TakeAsync(string path, TimeProvider time, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(path);
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        while (true)
        {
            if (TryTake(path) is { } taken) return taken;
            // Nothing tells when another process lets go of a file, so it is asked again.
            await Task.Delay(s_poll, time, cancellationToken);
        }
    }

    /// <summary>Takes the lock if it is free; null when somebody holds it.</summary>
    /// <param name="path">The lock file, in a directory that exists.</param>
    public static FileLock? TryTake(string path)
    {
        try
        {
            return new FileLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException) when (File.Exists(path))
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();
}
