using System.Runtime.CompilerServices;
using System.Security.Cryptography.X509Certificates;
using Slipway.ApiServer.Pki;

namespace Slipway.ApiServer.Authentication;

/// <summary>
/// Who the owner of a client certificate is: its CN is the user, each O a group (Kubernetes documentation, "X509 client certificates").
/// A connection shows one certificate object for all its requests, so what was found of it is kept as long as the object lives.
/// </summary>
internal sealed class CertificateUsers(CertificateStore certificates, TimeProvider time)
{
    private const string CommonName = "2.5.4.3", Organization = "2.5.4.10";

    private readonly ConditionalWeakTable<X509Certificate2, Owner> _owners = [];

    /// <returns>The user, and whether the certificate must be refused; neither when it names nobody.</returns>
    public (UserInfo? User, bool Refused) Find(X509Certificate2 certificate)
    {
        var owner = _owners.GetValue(certificate, Read);
        var now = time.GetUtcNow().UtcDateTime;
        // A connection may outlive the certificate that opened it.
        if (!owner.Ours || now < owner.From || now > owner.Until) return (null, true);
        return (owner.User, false);
    }

    private Owner Read(X509Certificate2 certificate) =>
        new(UserOf(certificate), certificates.IsOurs(certificate), certificate.NotBefore.ToUniversalTime(), certificate.NotAfter.ToUniversalTime());

    private static UserInfo? UserOf(X509Certificate2 certificate)
    {
        var name = "";
        var groups = new List<string>();
        foreach (var part in certificate.SubjectName.EnumerateRelativeDistinguishedNames(reversed: false))
        {
            if (part.HasMultipleElements) continue;
            if (part.GetSingleElementType().Value == CommonName) name = part.GetSingleElementValue() ?? "";
            if (part.GetSingleElementType().Value == Organization) groups.Add(part.GetSingleElementValue() ?? "");
        }

        if (name.Length == 0) return null;
        if (!groups.Contains(Identities.Authenticated)) groups.Add(Identities.Authenticated);
        var print = certificate.GetCertHashString(System.Security.Cryptography.HashAlgorithmName.SHA256).ToLowerInvariant();
        return new(name, groups)
        {
            Extra = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal) { [Identities.CredentialId] = ["X509SHA256=" + print] },
        };
    }

    private sealed record Owner(UserInfo? User, bool Ours, DateTime From, DateTime Until);
}
