using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Slipway.Kubernetes.Leases;
using Slipway.Kubernetes.Objects;

namespace Slipway.Kubernetes.Connection;

/// <summary>JSON contracts of this room.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(JsonObject))]
[JsonSerializable(typeof(CachedObject))]
[JsonSerializable(typeof(Lease))]
public sealed partial class KubeJson : JsonSerializerContext;
