using System.Text.Json;
using Slipway.Api.Meta;
using Slipway.Api.ModelDeployments;
using Slipway.Api.Providers;
using Slipway.Kubernetes.Objects;
using Slipway.Operator.Gateways;

namespace Slipway.Operator.Tests.Gateways;

internal static class Given
{
    public static readonly NamespacedName Key = new("gateways", "models");

    public static readonly GatewayFacts Facts = new(Key, "http://192.0.2.1", null);

    public static CachedObject Object(string json) => new(JsonDocument.Parse(json).RootElement.Clone());

    public static CachedObject Gateway(string name, string listeners = """{"name":"http","port":80,"protocol":"HTTP"}""", string status = """{"addresses":[{"value":"192.0.2.1"}]}""", string labels = "{}") =>
        Object($$$"""{"metadata":{"name":"{{{name}}}","namespace":"gateways","labels":{{{labels}}} },"spec":{"listeners":[{{{listeners}}}]},"status":{{{status}}} }""");

    public static CachedObject Route(string conditions, string owner = "uid-chat", string parent = "models", int generation = 2) => Object($$"""
        {"metadata":{"name":"chat","namespace":"team","generation":{{generation}},"ownerReferences":[{"uid":"{{owner}}"}]},
         "spec":{"rules":[{"backendRefs":[{"kind":"Service","name":"chat","port":8000}]}]},
         "status":{"parents":[{"parentRef":{"name":"{{parent}}","namespace":"gateways"},"conditions":[{{conditions}}]}]} }
        """);

    public static ModelDeployment Deployment(GatewaySpec? gateway = null, params string[] adapters) => new()
    {
        Metadata = new ObjectMeta { Name = "chat", Namespace = "team", Uid = "uid-chat" },
        Spec = new ModelDeploymentSpec { Model = new ModelSpec { Id = "org/chat", Adapters = [.. adapters.Select(a => new ModelAdapter { Name = a, Id = $"org/{a}" })] }, Gateway = gateway },
    };

    public static GatewayInput Input(bool ready = true) => new(Facts, ready, ready ? new EndpointStatus { Service = "chat", Port = 8000 } : null);

    public static EngineCapability Pooled(string? name = null, string? ns = null) => new()
    {
        Name = EngineType.Vllm,
        Gateway = new EngineGatewayCapability { ManagesInferencePool = true, InferencePoolNamePattern = name, InferencePoolNamespace = ns },
    };
}
