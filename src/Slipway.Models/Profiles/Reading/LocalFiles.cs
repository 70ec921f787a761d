using Slipway.Models.Hub;

namespace Slipway.Models.Profiles.Reading;

/// <summary>The files of a folder on this machine.</summary>
internal sealed class LocalFiles(string folder) : IModelFiles
{
    private const int MaxFiles = 20_000;

    public FileOrigin Origin { get; } = new(folder, null, null, null);

    public Task<HubAnswer<IReadOnlyList<ModelFile>>> ListAsync(CancellationToken cancellationToken)
    {
        try
        {
            var files = Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Take(MaxFiles)
                .Select(path => new ModelFile(Path.GetRelativePath(folder, path).Replace(Path.DirectorySeparatorChar, '/'), Length(path))).ToList();
            return Task.FromResult<HubAnswer<IReadOnlyList<ModelFile>>>(files);
        }
        catch (Exception e) when (LocalFaults.IsLocal(e))
        {
            return Task.FromResult<HubAnswer<IReadOnlyList<ModelFile>>>(LocalFaults.Of(e, folder));
        }
    }

    public async Task<HubAnswer<byte[]>> ReadAsync(string path, long from, int length, CancellationToken cancellationToken)
    {
        try
        {
            using var file = File.OpenHandle(Path.Combine(folder, path), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var buffer = new byte[Math.Min(length, Math.Max(0, RandomAccess.GetLength(file) - from))];
            var done = 0;
            while (done < buffer.Length && await RandomAccess.ReadAsync(file, buffer.AsMemory(done), from + done, cancellationToken) is > 0 and var read) done += read;
            return buffer[..done];
        }
        catch (Exception e) when (LocalFaults.IsLocal(e))
        {
            return LocalFaults.Of(e, path);
        }
    }

    private static long Length(string path) => (File.ResolveLinkTarget(path, returnFinalTarget: true) is { } target ? new FileInfo(target.FullName) : new FileInfo(path)) is { Exists: true } file ? file.Length : 0;
}
