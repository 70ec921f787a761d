using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Slipway.Models.Store;

namespace Slipway.Capacity.Prices.Live;

/// <summary>The last report of each region, in a file beside the prices, so that other processes see it and a restart asks nobody anew.</summary>
/// <param name="file">The file.</param>
public sealed class RefreshReports(string file)
{
    private const long MaxBytes = 1 << 20;

    /// <summary>The reports; none when there is no file that can be read: then regions are asked for again, which does no harm.</summary>
    public ImmutableArray<RefreshReport> Read()
    {
        try
        {
            return new FileInfo(file) is { Exists: true, Length: < MaxBytes } ? [.. JsonSerializer.Deserialize(File.ReadAllBytes(file), RefreshReportsJson.Default.RefreshReportArray) ?? []] : [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            return [];
        }
    }

    /// <summary>The report of a region; null when there is none.</summary>
    public RefreshReport? Find(string provider, string region) => Read().FirstOrDefault(r => r.Provider == provider && r.Region == region);

    /// <summary>Keeps a report in the place of the one before.</summary>
    /// <returns>Why it could not be kept; null when it was.</returns>
    public string? Keep(RefreshReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        RefreshReport[] all = [.. Read().Where(r => r.Provider != report.Provider || r.Region != report.Region), report];
        try
        {
            WholeFile.Write(file, JsonSerializer.SerializeToUtf8Bytes(all, RefreshReportsJson.Default.RefreshReportArray));
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return e.Message;
        }
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(RefreshReport[]))]
internal sealed partial class RefreshReportsJson : JsonSerializerContext;
