using static Slipway.Web.Languages.Words;

namespace Slipway.Web.Access.Seen;

/// <summary>The API's answer to a person's call.</summary>
internal static class Answer
{
    /// <summary>Makes a call, and says of a refusal whom to ask where it is for want of a right.</summary>
    /// <param name="rights">The person's.</param>
    /// <param name="right">What the call needs.</param>
    /// <param name="space">Where.</param>
    /// <param name="name">With which object; null for none.</param>
    /// <param name="call">The call.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>Why not, and what to do; null when it is done.</returns>
    public static async Task<string?> OfAsync(IRights rights, Right right, string space, string? name, Func<Task<string?>> call, CancellationToken cancellationToken)
    {
        if (rights.Fault is { } over && !rights.May(right, space, name)) return over;
        string? refusal;
        try
        {
            refusal = await call();
        }
        catch (ObjectDisposedException)
        {
            // It ended while this was on its way.
            return rights.Fault ?? T("Your session is over. Sign in again.");
        }

        if (refusal is null) return null;
        // It may have been taken a moment ago, so that the button was still there.
        await rights.LookAsync(space, cancellationToken, anew: true);
        return rights.Missing(right, space, name) is { } missing ? $"{refusal.TrimEnd('.')}. {missing}" : refusal;
    }
}
