using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Slipway.Kubernetes.Connection;

/// <summary>JSON contracts of this room.</summary>
[JsonSerializable(typeof(JsonObject))]
public sealed partial class KubeJson : JsonSerializerContext;
