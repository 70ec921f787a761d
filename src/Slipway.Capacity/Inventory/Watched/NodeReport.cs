using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Slipway.Capacity.Inventory.Watched;

/// <summary>What the monitor of a node read of its devices.</summary>
/// <param name="Node">The node.</param>
/// <param name="At">When it was read.</param>
/// <param name="Devices">The devices.</param>
/// <param name="Unread">Why they cannot be read, in words; null when they can.</param>
public sealed record NodeReport(string Node, DateTimeOffset At, ImmutableArray<DeviceReading> Devices, string? Unread)
{
    /// <summary>The label of the ConfigMaps that reports are in, one for each node.</summary>
    public const string Label = "slipway.dev/device-report";

    /// <summary>The report's key in its ConfigMap.</summary>
    public const string Key = "report.json";

    /// <summary>For how long a report counts: a monitor writes one each minute.</summary>
    public static readonly TimeSpan Fresh = TimeSpan.FromMinutes(3);

    /// <summary>Writes it.</summary>
    public string Write() => JsonSerializer.Serialize(this, NodeReportJson.Default.NodeReport);

    /// <summary>Reads it.</summary>
    /// <param name="text">What was written.</param>
    /// <returns>The report; null for what is none.</returns>
    public static NodeReport? Read(string text)
    {
        try
        {
            return JsonSerializer.Deserialize(text, NodeReportJson.Default.NodeReport) is { Node.Length: > 0 } report ? report with { Devices = report.Devices.IsDefault ? [] : report.Devices } : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>JSON of reports.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(NodeReport))]
internal sealed partial class NodeReportJson : JsonSerializerContext;
