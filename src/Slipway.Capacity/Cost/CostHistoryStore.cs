using Slipway.Models.Store;

namespace Slipway.Capacity.Cost;

/// <summary>A history in a file, written whole and swapped in, so that a crash leaves the one before.</summary>
/// <param name="file">The file.</param>
public sealed class CostHistoryStore(string file) : ICostHistoryStore
{
    // A year of days and a month of hours with 200 namespaces each, and as much again.
    private const long MaxBytes = 256 << 20;

    /// <inheritdoc/>
    public Task<(CostHistory History, string? Fault)> ReadAsync(CancellationToken cancellationToken) => Task.FromResult(Read());

    /// <inheritdoc/>
    public Task<string?> WriteAsync(CostHistory history, CancellationToken cancellationToken) => Task.FromResult(Write(history));

    /// <summary>Reads it.</summary>
    /// <returns>The history, empty when there is none, and what is wrong with the file; null when nothing is.</returns>
    public (CostHistory History, string? Fault) Read()
    {
        try
        {
            if (new FileInfo(file) is not { Exists: true } info) return (new CostHistory(), null);
            if (info.Length > MaxBytes) return (new CostHistory(), $"{file} is too large to be a history");
            using var text = File.OpenText(file);
            var (history, fault) = CostHistoryFile.Read(text);
            return (history, fault is null ? null : $"{file}: {fault}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return (new CostHistory(), e.Message);
        }
    }

    /// <summary>Writes it.</summary>
    /// <returns>Why it could not be written; null when it was.</returns>
    public string? Write(CostHistory history)
    {
        try
        {
            WholeFile.WriteText(file, text => CostHistoryFile.Write(text, history));
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return e.Message;
        }
    }
}
