using Slipway.Api.ModelDeployments;
using Slipway.Api.Rollouts;
using Slipway.Kubernetes.Objects;
using Slipway.Kubernetes.Watching;
using Slipway.Operator.Rollouts.Suites;

namespace Slipway.Operator.Rollouts;

/// <summary>What rollouts look at.</summary>
internal sealed record RolloutCaches(Informer<ModelDeployment> Deployments, Informer<ModelRollout> Rollouts, Informer<QualityGate> Gates, Informer<EvaluationSuite> Suites, SuiteTexts Texts)
{
    /// <summary>A suite with its prompts, wherever they are; null when there is none.</summary>
    public EvaluationSuite? Suite(NamespacedName key) => Texts.Whole(Suites.Get(key));
}
