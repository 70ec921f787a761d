using Slipway.Api.ModelDeployments;
using Slipway.Api.Rollouts;
using Slipway.Kubernetes.Watching;

namespace Slipway.Operator.Rollouts;

/// <summary>What rollouts look at.</summary>
internal sealed record RolloutCaches(Informer<ModelDeployment> Deployments, Informer<ModelRollout> Rollouts, Informer<QualityGate> Gates, Informer<EvaluationSuite> Suites);
