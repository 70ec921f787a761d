using Slipway.ApiServer.Authorization;
using Slipway.ApiServer.Http;

namespace Slipway.ApiServer.Authentication.Impersonation;

/// <summary>
/// Lets a request act as someone else. Constrained modes allow it for certain verbs only (KEP-5284); the mode of old, for all,
/// is asked last. The first mode that allows it holds; when none does, the refusal of the first that applies is answered.
/// </summary>
internal sealed class Impersonator(Authorizer authorizer)
{
    private static readonly ImpersonationMode[] s_modes = [.. ImpersonationMode.Constrained, ImpersonationMode.Plain];

    /// <param name="wanted">Whom the request wants to act as.</param>
    /// <param name="request">What the request wants to do, still by the one who sent it.</param>
    /// <exception cref="ApiException">403: the requester may not act as that user.</exception>
    public UserInfo Impersonate(WantedUser wanted, in AccessRequest request)
    {
        ApiException? first = null;
        foreach (var mode in s_modes)
        {
            if (!mode.Applies(wanted, request.User)) continue;
            var refused = mode.Refuse(authorizer, wanted, request);
            if (refused is null) return mode.Become(wanted);
            first ??= refused;
        }

        throw first!;
    }
}
