namespace Slipway.Api.ModelDeployments;

/// <summary>The condition types of a ModelDeployment; the names are those of the shared API.</summary>
public static class ConditionTypes
{
    /// <summary>The manifest makes sense.</summary>
    public const string Validated = "Validated";

    /// <summary>An engine was chosen.</summary>
    public const string EngineSelected = "EngineSelected";

    /// <summary>A runtime was chosen.</summary>
    public const string ProviderSelected = "ProviderSelected";

    /// <summary>The runtime can honour every field.</summary>
    public const string ProviderCompatible = "ProviderCompatible";

    /// <summary>How many accelerators it gets is decided, where the manifest leaves that open.</summary>
    public const string Sized = "Sized";

    /// <summary>The pods of a replica that spans nodes start together or not at all.</summary>
    public const string GangScheduled = "GangScheduled";

    /// <summary>No quota of the namespace keeps pods, or their claims, from being made; said only where one does.</summary>
    public const string WithinQuota = "WithinQuota";

    /// <summary>The queue that it goes through has let it in.</summary>
    public const string QueueAdmitted = "QueueAdmitted";

    /// <summary>The claims of the volumes are as the manifest asks for.</summary>
    public const string StorageReady = "StorageReady";

    /// <summary>The weights are at hand.</summary>
    public const string ModelDownloaded = "ModelDownloaded";

    /// <summary>The runtime's object exists.</summary>
    public const string ResourceCreated = "ResourceCreated";

    /// <summary>It is being brought up in time, or is up.</summary>
    public const string Progressing = "Progressing";

    /// <summary>The model answers, but not all is as it should be.</summary>
    public const string Degraded = "Degraded";

    /// <summary>The model answers.</summary>
    public const string Ready = "Ready";

    /// <summary>The model answers through the gateway.</summary>
    public const string GatewayReady = "GatewayReady";
}
