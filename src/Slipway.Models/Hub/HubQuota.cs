using System.Globalization;
using System.Text.RegularExpressions;

namespace Slipway.Models.Hub;

/// <summary>What a server says is left of the allowed requests.</summary>
/// <param name="Remaining">Requests left in the current window.</param>
/// <param name="Reset">Time until the window ends; null when not said.</param>
/// <remarks>
/// The fields <c>RateLimit: "api";r=0;t=55</c> of draft-ietf-httpapi-ratelimit-headers, which the hub sends
/// (<see href="https://huggingface.co/docs/hub/rate-limits"/>), and the older drafts' <c>limit=100, remaining=0, reset=54</c>
/// and <c>RateLimit-Remaining</c>, which proxies still send.
/// </remarks>
internal sealed partial record HubQuota(long Remaining, TimeSpan? Reset)
{
    // Windows are minutes; a longer wait is a mistake of somebody and must not lock a user out.
    private const long MaxSeconds = 86_400;

    /// <summary>The quota that a response states; null when it states none that can be read.</summary>
    public static HubQuota? Of(HttpResponseMessage response) =>
        Field(response, "RateLimit") is { } line ? Parse(line)
        : Field(response, "RateLimit-Remaining") is { } remaining ? Parse($"remaining={remaining}, reset={Field(response, "RateLimit-Reset")}")
        : null;

    /// <summary>Reads the field <c>RateLimit</c> in any of the drafts' forms. Of several policies the scarcest counts.</summary>
    public static HubQuota? Parse(string line)
    {
        if (line.Length > 1024) return null;
        HubQuota? scarcest = null;
        var bare = Quoted().Replace(line, "policy");
        // Only the old form has its parameters at the top level, divided by commas; there they belong together.
        string[] policies = bare.Contains("remaining", StringComparison.OrdinalIgnoreCase) ? [bare.Replace(',', ';')] : bare.Split(',');
        foreach (var policy in policies)
        {
            long? remaining = null, reset = null;
            foreach (var parameter in policy.Split(';'))
            {
                var parts = parameter.Split('=', 2, StringSplitOptions.TrimEntries);
                if (parts.Length < 2 || !long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var number)) continue;
                if (parts[0].ToLowerInvariant() is "r" or "remaining") remaining = number;
                else if (parts[0].ToLowerInvariant() is "t" or "reset") reset = number;
            }

            if (remaining is not { } left) continue;
            var quota = new HubQuota(left, reset is { } seconds ? TimeSpan.FromSeconds(Math.Min(seconds, MaxSeconds)) : null);
            if (scarcest is null || left < scarcest.Remaining || (left == scarcest.Remaining && quota.Reset > scarcest.Reset)) scarcest = quota;
        }

        return scarcest;
    }

    private static string? Field(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? string.Join(", ", values) : null;

    [GeneratedRegex("\"[^\"]*\"", RegexOptions.None, 1000)]
    private static partial Regex Quoted();
}
