using Slipway.Api.Meta;
using Slipway.Api.Providers;
using Slipway.Web.Ui;
using static Slipway.Web.Languages.Words;

namespace Slipway.Web.Settings;

/// <summary>How a runtime is, by what its controller writes.</summary>
/// <param name="Word">In a word.</param>
/// <param name="Tone">How that is.</param>
/// <param name="Reason">Why, and what to do; null when all is well.</param>
internal sealed record RuntimeHealth(string Word, Tone Tone, string? Reason)
{
    // Providers of the shared API beat once a minute. The selection leaves one out after three missed beats, so it is called silent then.
    private static readonly TimeSpan s_silent = TimeSpan.FromMinutes(3);

    public static RuntimeHealth Of(InferenceProviderConfig runtime, DateTimeOffset now)
    {
        var wrong = runtime.Status?.Conditions?.FirstOrDefault(static c => c.Status is ConditionStatus.False);
        return runtime.Status switch
        {
            null => new(T("Not heard of"), Tone.Warn, T("Its controller has not reported yet. See whether it runs.")),
            { LastHeartbeat: { } last } when now - last > s_silent => new(T("Silent"), Tone.Bad, T("Its controller last reported {0} ago. See whether it still runs.", Say.Age(last, now))),
            { Ready: true } => new(T("Ready"), Tone.Good, wrong?.Message),
            _ => new(T("Not ready"), Tone.Warn, wrong?.Message ?? T("Its controller does not say why.")),
        };
    }
}
