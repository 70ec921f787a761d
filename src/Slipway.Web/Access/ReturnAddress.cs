namespace Slipway.Web.Access;

/// <summary>Where to go after signing in: the page that was asked for, never another site.</summary>
internal static class ReturnAddress
{
    private const int Longest = 2000;

    /// <summary>The address if it is a page of this origin, else the first page.</summary>
    /// <param name="asked">What was asked for, as a path with its query.</param>
    public static string Of(string? asked) =>
        // A second slash, or a backslash that browsers take for one, begins a host; so may control characters, which browsers leave out.
        asked is { Length: > 0 and <= Longest } && asked[0] == '/' && !(asked.Length > 1 && asked[1] is '/' or '\\') && !asked.Any(static c => char.IsControl(c) || c == '\\')
            && !asked.StartsWith("/sign-", StringComparison.Ordinal) && Uri.IsWellFormedUriString(asked, UriKind.Relative)
            ? asked
            : "/";
}
