using System.Text.Json.Serialization;

namespace Slipway.Web.Rest;

/// <summary>JSON of what the REST API says of deployments and rollouts.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(DeploymentsAnswer))]
[JsonSerializable(typeof(RolloutsAnswer))]
[JsonSerializable(typeof(Accepted))]
[JsonSerializable(typeof(ScaleRequest))]
internal sealed partial class RestJson : JsonSerializerContext;
