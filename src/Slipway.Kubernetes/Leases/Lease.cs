using System.Text.Json;
using System.Text.Json.Serialization;
using Slipway.Kubernetes.Connection;
using Slipway.Kubernetes.Objects;

namespace Slipway.Kubernetes.Leases;

/// <summary>A Lease of `coordination.k8s.io/v1`: who holds something, and since when they last said so.</summary>
public sealed record Lease
{
    /// <summary>The kind as a client needs to know it.</summary>
    public static Resource<Lease> Resource { get; } = new(
        "coordination.k8s.io", "v1", "leases", "Lease", true, KubeJson.Default.Lease,
        l => new ObjectIdentity(new NamespacedName(l.Metadata.Namespace ?? "", l.Metadata.Name ?? ""), "", l.Metadata.ResourceVersion ?? ""));

    /// <summary>The API version.</summary>
    public string ApiVersion { get; init; } = "coordination.k8s.io/v1";

    /// <summary>The kind.</summary>
    public string Kind { get; init; } = "Lease";

    /// <summary>Name, namespace and version.</summary>
    public LeaseMetadata Metadata { get; init; } = new();

    /// <summary>Who holds it.</summary>
    public LeaseSpec Spec { get; init; } = new();
}

/// <summary>Name, namespace and version of a lease.</summary>
public sealed record LeaseMetadata
{
    /// <summary>Its name.</summary>
    public string? Name { get; init; }

    /// <summary>Its namespace.</summary>
    public string? Namespace { get; init; }

    /// <summary>The version that was read: a write with it fails when somebody else wrote in between.</summary>
    public string? ResourceVersion { get; init; }
}

/// <summary>Who holds a lease.</summary>
public sealed record LeaseSpec
{
    /// <summary>The holder; empty or absent when it is free.</summary>
    public string? HolderIdentity { get; init; }

    /// <summary>How long others wait, in seconds, after the holder last renewed.</summary>
    public int? LeaseDurationSeconds { get; init; }

    /// <summary>When the holder took it.</summary>
    [JsonConverter(typeof(MicroTimeConverter))]
    public DateTimeOffset? AcquireTime { get; init; }

    /// <summary>When the holder last renewed it.</summary>
    [JsonConverter(typeof(MicroTimeConverter))]
    public DateTimeOffset? RenewTime { get; init; }

    /// <summary>How often the holder changed.</summary>
    public int? LeaseTransitions { get; init; }
}

/// <summary>Kubernetes' MicroTime: RFC 3339 with exactly six digits of a second.</summary>
internal sealed class MicroTimeConverter : JsonConverter<DateTimeOffset?>
{
    public override DateTimeOffset? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.Null ? null : reader.GetDateTimeOffset();

    public override void Write(Utf8JsonWriter writer, DateTimeOffset? value, JsonSerializerOptions options)
    {
        if (value is { } time) writer.WriteStringValue(time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", System.Globalization.CultureInfo.InvariantCulture));
        else writer.WriteNullValue();
    }
}
