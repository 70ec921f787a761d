using Slipway.Api.Rollouts;
using Slipway.Evaluation.Statistics;

namespace Slipway.Operator.Rollouts;

/// <summary>
/// Judges how many of users' requests come to nothing: as a difference to the control replica's where there is one, since what hits both is no fault of the candidate's, and else by themselves. Pure.
/// </summary>
internal static class RolloutErrors
{
    /// <summary>Judges.</summary>
    /// <param name="most">The largest share that is good enough, or how much larger than the control's.</param>
    /// <param name="alphaFail">The chance of turning down one that is.</param>
    /// <param name="seen">What was counted.</param>
    /// <returns>One of three: why it is turned down, what is shown, or what is open.</returns>
    public static (string? Failed, string? Passed, string? Open) Judge(double most, double alphaFail, TrafficStatus seen)
    {
        // Other shares than the even ones that were given say that something divides them by more than chance, such as a control that answers nobody.
        if (seen is not { ControlRequests: { } requests, ControlFailures: { } failures } || !RateDifference.IsEven(seen.Requests, requests))
        {
            var alone = new RateLimit(most, 0.05, alphaFail);
            var judgement = alone.Judge(seen.Failures, seen.Requests);
            return judgement.Verdict switch
            {
                Verdict.Fail => ($"requests fail: {judgement.Reason}", null, null),
                Verdict.Pass => (null, $"failed: {judgement.Reason}", null),
                _ => (null, null, $"failed: {seen.Failures} of {seen.Requests}, about {alone.More(seen.Failures, seen.Requests)} more without one would do"),
            };
        }

        var beside = new RateDifference(most, 0.05, alphaFail).Judge((seen.Failures, seen.Requests), (failures, requests));
        if (beside.Verdict is Verdict.Fail) return ($"requests fail more often than the control replica's: {beside.Reason}", null, null);
        // To be as good as one that does not answer shows nothing.
        if (failures > requests * most) return (null, null, $"failed: {seen.Failures} of {seen.Requests}; of the control replica's {requests} requests {failures} came to nothing, and as long as that are more than {most * 100:0.##} in 100 nothing is shown by being as good");
        return beside.Verdict is Verdict.Pass ? (null, $"failed: {beside.Reason} than of the control replica's", null) : (null, null, $"failed: {seen.Failures} of {seen.Requests}, of the control replica's {failures} of {requests}: not decided yet");
    }
}
