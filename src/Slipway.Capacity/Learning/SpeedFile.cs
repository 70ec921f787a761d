using Slipway.Models.Speed.Learning;

namespace Slipway.Capacity.Learning;

/// <summary>What was learned about speed in a file, written whole and swapped in.</summary>
/// <param name="file">The file.</param>
public sealed class SpeedFile(string file) : ISpeedStore
{
    private const long MaxBytes = 4 << 20;

    /// <inheritdoc/>
    public async Task<(LearnedSpeed Learned, string? Fault)> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (new FileInfo(file) is not { Exists: true } info) return (LearnedSpeed.None, null);
            if (info.Length > MaxBytes) return (LearnedSpeed.None, $"{file} is too large to be what was written");
            var (learned, fault) = SpeedJson.Read(await File.ReadAllTextAsync(file, cancellationToken));
            return (learned, fault is null ? null : $"{file}: {fault}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return (LearnedSpeed.None, e.Message);
        }
    }

    /// <inheritdoc/>
    public async Task<string?> WriteAsync(LearnedSpeed learned, CancellationToken cancellationToken)
    {
        var partial = $"{file}.{Environment.ProcessId}.partial";
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            await File.WriteAllTextAsync(partial, SpeedJson.Write(learned), cancellationToken);
            File.Move(partial, file, overwrite: true);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return e.Message;
        }
    }
}
