using System.Text.Json.Serialization;
using Slipway.Api.Keys;
using Slipway.Api.LocalEngines;
using Slipway.Api.Meta;
using Slipway.Api.ModelDeployments;
using Slipway.Api.Providers;
using Slipway.Api.Rollouts;
using Slipway.Api.Schedules;

namespace Slipway.Api;

/// <summary>How Slipway's kinds are read and written as JSON: camelCase, absent when null, unknown fields skipped.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(TimestampConverter)])]
[JsonSerializable(typeof(ModelDeployment))]
[JsonSerializable(typeof(InferenceProviderConfig))]
[JsonSerializable(typeof(LocalEngine))]
[JsonSerializable(typeof(EvaluationSuite))]
[JsonSerializable(typeof(QualityGate))]
[JsonSerializable(typeof(ModelRollout))]
[JsonSerializable(typeof(RolloutRecord))]
[JsonSerializable(typeof(RolloutEvidence))]
[JsonSerializable(typeof(ApiKey))]
[JsonSerializable(typeof(EvaluationSchedule))]
[JsonSerializable(typeof(KubernetesEvent))]
[JsonSerializable(typeof(Secret))]
[JsonSerializable(typeof(EnvVar))]
[JsonSerializable(typeof(Toleration))]
public sealed partial class SlipwayJson : JsonSerializerContext;
