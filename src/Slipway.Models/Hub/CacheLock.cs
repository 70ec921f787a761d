using System.Collections.Concurrent;

namespace Slipway.Models.Hub;

/// <summary>One writer a blob: inside this process by a semaphore, between processes by the lock file that huggingface_hub uses.</summary>
/// <remarks>On Unix .NET takes <c>flock</c> for <see cref="FileShare.None"/>, and so does huggingface_hub's filelock; they exclude each other.</remarks>
internal sealed class CacheLock : IDisposable
{
    private static readonly ConcurrentDictionary<string, SemaphoreSlim> s_gates = new(StringComparer.Ordinal);
    private static readonly TimeSpan s_poll = TimeSpan.FromMilliseconds(200);

    private readonly SemaphoreSlim _gate;
    private FileStream? _file;

    private CacheLock(SemaphoreSlim gate) => _gate = gate;

    public static async Task<CacheLock> TakeAsync(string path, TimeProvider time, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        // A gate stays for the life of the process: one small object for each file ever downloaded by it.
        var gate = s_gates.GetOrAdd(path, static _ => new SemaphoreSlim(1, 1));
        await gate.WaitAsync(cancellationToken);
        var taken = new CacheLock(gate);
        try
        {
            while (taken._file is null)
            {
                taken._file = TryOpen(path);
                // Nothing tells when another process lets go of a lock file, so it is asked again.
                if (taken._file is null) await Task.Delay(s_poll, time, cancellationToken);
            }

            return taken;
        }
        catch
        {
            taken.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        _file?.Dispose();
        _gate.Release();
    }

    private static FileStream? TryOpen(string path)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException) when (File.Exists(path))
        {
            return null;
        }
    }
}
