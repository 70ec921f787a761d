using System.Buffers;
using System.Text.RegularExpressions;

namespace Slipway.Gateway.Recording;

/// <summary>
/// Takes out of texts what names a person, an account or a machine, or opens something: e-mail addresses, numbers of nine digits and more (telephones, cards, accounts, identity cards), IBANs, IP addresses, keys and tokens.
/// It rather takes too much than too little. Names and addresses of people are not found: what is recorded is still to be kept as what users said.
/// </summary>
public static class Redactor
{
    private static readonly SearchValues<string> s_secretSigns = SearchValues.Create(["sk-", "sk_", "ghp_", "gho_", "github_pat_", "hf_", "xox", "AKIA", "AIza", "earer ", "eyJ", "PRIVATE KEY"], StringComparison.Ordinal);

    // All in time that grows with the text alone, whatever it says.
    private static readonly Regex s_secret = Pattern(
        @"\b(sk-|sk_live_|sk_test_|ghp_|gho_|github_pat_|hf_|xox[abprs]-|AKIA|AIza)[A-Za-z0-9_\-]{12,}|[Bb]earer +[A-Za-z0-9._~+/=\-]{8,}|eyJ[A-Za-z0-9_\-]{10,}\.[A-Za-z0-9_\-]+(\.[A-Za-z0-9_\-]+)?|-----BEGIN [A-Z ]*PRIVATE KEY-----[A-Za-z0-9+/=\s]*(-----END [A-Z ]*PRIVATE KEY-----)?");

    private static readonly Regex s_email = Pattern(@"[\w.%+\-]+@[\w\-]+(\.[\w\-]+)+");
    private static readonly Regex s_iban = Pattern(@"\b[A-Z]{2}[0-9]{2}( ?[A-Z0-9]{4}){2,7}( ?[A-Z0-9]{1,3})?\b");
    private static readonly Regex s_address = Pattern(@"\b[0-9]{1,3}(\.[0-9]{1,3}){3}\b|\b[0-9A-Fa-f]{1,4}(:[0-9A-Fa-f]{0,4}){3,7}");
    private static readonly Regex s_number = Pattern(@"\+?[0-9]([ \-./()]{0,2}[0-9]){8,}");

    /// <summary>Redacts.</summary>
    /// <param name="text">The text.</param>
    /// <returns>The same, with such as `[email]` in place of what was found; the very same object where nothing was.</returns>
    public static string Redact(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        // Most texts have none of it, and to see that takes a thousandth of the time.
        if (text.AsSpan().ContainsAny(s_secretSigns)) text = s_secret.Replace(text, "[secret]");
        if (text.Contains('@')) text = s_email.Replace(text, "[email]");
        if (!text.AsSpan().ContainsAnyInRange('0', '9') && !text.Contains(':')) return text;
        text = s_iban.Replace(text, "[account]");
        text = s_address.Replace(text, "[ip]");
        return s_number.Replace(text, "[number]");
    }

    /// <summary>Whether there is anything to redact.</summary>
    /// <param name="text">The text.</param>
    public static bool Finds(ReadOnlySpan<char> text) =>
        (text.ContainsAny(s_secretSigns) && s_secret.IsMatch(text)) || (text.Contains('@') && s_email.IsMatch(text))
        || ((text.ContainsAnyInRange('0', '9') || text.Contains(':')) && (s_iban.IsMatch(text) || s_address.IsMatch(text) || s_number.IsMatch(text)));

    private static Regex Pattern(string pattern) => new(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture);
}
