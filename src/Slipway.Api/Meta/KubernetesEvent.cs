namespace Slipway.Api.Meta;

/// <summary>A core/v1 Event: something that happened to an object, for people.</summary>
public sealed record KubernetesEvent
{
    /// <summary>The API version.</summary>
    public string ApiVersion { get; init; } = "v1";

    /// <summary>The kind.</summary>
    public string Kind { get; init; } = "Event";

    /// <summary>Name and namespace.</summary>
    public ObjectMeta Metadata { get; init; } = new();

    /// <summary>The object that it happened to.</summary>
    public ObjectReference? InvolvedObject { get; init; }

    /// <summary>What happened, as one CamelCase word.</summary>
    public string? Reason { get; init; }

    /// <summary>What happened, in words.</summary>
    public string? Message { get; init; }

    /// <summary>Normal or Warning.</summary>
    public string? Type { get; init; }

    /// <summary>How often it happened.</summary>
    public int? Count { get; init; }

    /// <summary>When it first happened.</summary>
    public DateTimeOffset? FirstTimestamp { get; init; }

    /// <summary>When it last happened.</summary>
    public DateTimeOffset? LastTimestamp { get; init; }

    /// <summary>When it happened, to the microsecond; those who write `events.k8s.io` give this in place of the others.</summary>
    public DateTimeOffset? EventTime { get; init; }

    /// <summary>Who says so.</summary>
    public EventSource? Source { get; init; }
}

/// <summary>Who says so.</summary>
public sealed record EventSource
{
    /// <summary>The controller's name.</summary>
    public string? Component { get; init; }
}

/// <summary>Names an object.</summary>
public sealed record ObjectReference
{
    /// <summary>Its API group and version.</summary>
    public string? ApiVersion { get; init; }

    /// <summary>Its kind.</summary>
    public string? Kind { get; init; }

    /// <summary>Its namespace.</summary>
    public string? Namespace { get; init; }

    /// <summary>Its name.</summary>
    public string? Name { get; init; }

    /// <summary>Its uid.</summary>
    public string? Uid { get; init; }
}

/// <summary>A core/v1 Secret, as far as Slipway reads one.</summary>
public sealed record Secret
{
    /// <summary>Name, namespace and the like.</summary>
    public ObjectMeta Metadata { get; init; } = new();

    /// <summary>Values in base64, by key. Never logged, never sent to a browser.</summary>
    public IReadOnlyDictionary<string, string>? Data { get; init; }
}
