using Slipway.Models.Speed.Learning;
using Slipway.Models.Store;

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
    public Task<string?> WriteAsync(LearnedSpeed learned, CancellationToken cancellationToken)
    {
        try
        {
            WholeFile.Write(file, SpeedJson.Write(learned));
            return Task.FromResult<string?>(null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Task.FromResult<string?>(e.Message);
        }
    }
}
