using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Slipway.Models.Speed.Learning;

namespace Slipway.Capacity.Learning;

/// <summary>What was learned about speed as JSON: a list of observations.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UseStringEnumConverter = true, IgnoreReadOnlyProperties = true)]
[JsonSerializable(typeof(List<SpeedObservation>))]
public sealed partial class SpeedJson : JsonSerializerContext
{
    /// <summary>Writes it.</summary>
    public static string Write(LearnedSpeed learned)
    {
        ArgumentNullException.ThrowIfNull(learned);
        return JsonSerializer.Serialize([.. learned.Observations.Values], Default.ListSpeedObservation);
    }

    /// <summary>Reads it.</summary>
    /// <returns>What was learned, nothing when it cannot be read; and why not.</returns>
    public static (LearnedSpeed Learned, string? Fault) Read(string json)
    {
        try
        {
            var read = JsonSerializer.Deserialize(json, Default.ListSpeedObservation) ?? [];
            return (new LearnedSpeed(read.TakeLast(LearnedSpeed.Most).GroupBy(static o => o.Key, StringComparer.Ordinal)
                .ToImmutableSortedDictionary(static g => g.Key, static g => g.Last(), StringComparer.Ordinal)), null);
        }
        catch (JsonException wrong)
        {
            return (LearnedSpeed.None, $"it is not what was written: {wrong.Message}");
        }
    }
}
