using Slipway.Models.Store;

namespace Slipway.Models.Hub;

/// <summary>What requests to the hub are for: whose token goes along, what a log names, and what a refusal means.</summary>
/// <param name="Token">Token for these requests; null for the options' own.</param>
/// <param name="Subject">What is asked for, for people; holds no token.</param>
internal abstract record HubErrand(string? Token, string Subject)
{
    /// <summary>What is kept of an errand that breaks off, as a sentence with a blank before it; empty when nothing is.</summary>
    public virtual string Kept => HubErrors.DownloadKept;

    /// <summary>Says in words what a status outside 200-299 means.</summary>
    public abstract ModelError Refused(HttpResponseMessage response, Uri endpoint, bool hasToken, TimeSpan? retryAfter);

    /// <summary>The errand without its token.</summary>
    public sealed override string ToString() => Subject;
}

/// <summary>A model's files.</summary>
internal sealed record ModelErrand(ModelRequest Request) : HubErrand(Request.Token, Request.ToString())
{
    public override ModelError Refused(HttpResponseMessage response, Uri endpoint, bool hasToken, TimeSpan? retryAfter) =>
        HubErrors.Of(response, Request, endpoint, hasToken, retryAfter);
}
