using Slipway.Api.ModelDeployments;
using Slipway.Api.Rollouts;
using Slipway.Evaluation.Chat;
using Slipway.Evaluation.Grading;
using Slipway.Evaluation.Grading.Judging;
using Suite = Slipway.Evaluation.Suites.EvaluationSuite;

namespace Slipway.Operator.Rollouts;

/// <summary>Binds a suite to the deployment that judges its answers, where it wants one.</summary>
internal static class GateJudge
{
    /// <summary>Binds it.</summary>
    /// <param name="suite">The suite.</param>
    /// <param name="wish">Who is to judge; null for nobody.</param>
    /// <param name="who">Who asks, as the beginning of a sentence.</param>
    /// <param name="judge">The deployment that <paramref name="wish"/> names; null when there is none.</param>
    /// <param name="judged">The models that are judged.</param>
    /// <param name="chat">Asks the judge.</param>
    /// <returns>The suite; or why it may not be graded.</returns>
    public static (Suite? Suite, string? Problem) Bind(Suite suite, JudgeSpec? wish, string who, ModelDeployment? judge, IReadOnlyList<string> judged, Func<ModelDeployment, IChat> chat)
    {
        var (problem, words) = JudgeRules.Check(suite, wish is not null, wish?.Alone == true);
        if (problem is not JudgeProblem.None)
        {
            return (null, problem switch
            {
                JudgeProblem.Missing => $"{words}: name a deployment that is to judge in spec.judge of {who}",
                _ => $"{words}, or set spec.judge.alone of {who}",
            });
        }

        if (!JudgeRules.Wants(suite)) return (suite, null);
        if (judge is null) return (null, $"{who} names {wish!.DeploymentRef.Name} for a judge, which is no ModelDeployment here");
        return Judge.Create(chat(judge), judge.Spec.Model.Id ?? judge.Metadata.Name!, judged, wish!.Kin == true, out var kin) is { } bound
            ? (new GradingServices { Judge = bound }.Bind(suite), null) : (null, $"{kin} (spec.judge.kin of {who})");
    }
}
