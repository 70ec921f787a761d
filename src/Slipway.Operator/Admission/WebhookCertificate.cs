using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Slipway.Api.Meta;

namespace Slipway.Operator.Admission;

/// <summary>The certificate of the webhook, and the authorities by which API servers know it. An authority signs one certificate, and its key is then thrown away.</summary>
/// <param name="Certificate">The certificate with its key, in PEM.</param>
/// <param name="Key">Its key, in PEM.</param>
/// <param name="Authorities">The authority of this certificate and, while it is valid, that of the one before, in PEM.</param>
internal sealed record WebhookCertificate(string Certificate, string Key, string Authorities)
{
    private const string CertificateKey = "tls.crt", KeyKey = "tls.key", AuthoritiesKey = "ca.crt";

    // Renewed with a third of its life left, as cert-manager does: weeks in which to notice that it fails.
    private static readonly TimeSpan s_life = TimeSpan.FromDays(90), s_left = TimeSpan.FromDays(30);

    // For clocks that are behind.
    private static readonly TimeSpan s_skew = TimeSpan.FromMinutes(5);

    /// <summary>Reads it from its Secret.</summary>
    /// <returns>It; null when the Secret holds none, or nothing that can be read.</returns>
    public static WebhookCertificate? Read(Secret secret)
    {
        string? Text(string key) => secret.Data?.TryGetValue(key, out var value) == true ? Encoding.UTF8.GetString(Convert.FromBase64String(value)) : null;
        try
        {
            if (Text(CertificateKey) is not { } certificate || Text(KeyKey) is not { } key || Text(AuthoritiesKey) is not { } authorities) return null;
            using var readable = X509Certificate2.CreateFromPem(certificate, key);
            return new(certificate, key, authorities);
        }
        catch (Exception wrong) when (wrong is CryptographicException or FormatException or ArgumentException)
        {
            return null;
        }
    }

    /// <summary>The Secret's data.</summary>
    public IReadOnlyDictionary<string, string> Data => new[] { (CertificateKey, Certificate), (KeyKey, Key), (AuthoritiesKey, Authorities) }
        .ToDictionary(p => p.Item1, p => Convert.ToBase64String(Encoding.UTF8.GetBytes(p.Item2)), StringComparer.Ordinal);

    /// <summary>Whether it is time for another one.</summary>
    public bool IsDue(DateTimeOffset now, IEnumerable<string> names)
    {
        using var certificate = X509Certificate2.CreateFromPem(Certificate);
        return certificate.NotAfter.ToUniversalTime() - now.UtcDateTime < s_left || names.Any(n => !certificate.MatchesHostname(n, allowWildcards: false));
    }

    /// <summary>Makes one, whose authority comes to stand beside that of the one before.</summary>
    public static WebhookCertificate Make(WebhookCertificate? before, IReadOnlyList<string> names, DateTimeOffset now)
    {
        var (start, end) = (now - s_skew, now + s_life);
        using var authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var authorityRequest = new CertificateRequest("CN=slipway-webhook-ca", authorityKey, HashAlgorithmName.SHA256);
        authorityRequest.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, true));
        authorityRequest.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        authorityRequest.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(authorityRequest.PublicKey, false));
        using var authority = authorityRequest.CreateSelfSigned(start, end);

        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=slipway-webhook", key, HashAlgorithmName.SHA256);
        var alternatives = new SubjectAlternativeNameBuilder();
        foreach (var name in names)
        {
            if (IPAddress.TryParse(name, out var address)) alternatives.AddIpAddress(address);
            else alternatives.AddDnsName(name);
        }

        request.CertificateExtensions.Add(alternatives.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(authority, true, false));
        var serial = RandomNumberGenerator.GetBytes(16);
        serial[0] &= 0x7F;
        using var certificate = request.Create(authority, start, end, serial);
        return new(certificate.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem(), $"{authority.ExportCertificatePem()}\n{Still(before, now)}");
    }

    /// <summary>The certificate with its key, as a server takes it.</summary>
    public X509Certificate2 ToServer() => X509Certificate2.CreateFromPem(Certificate, Key);

    // Another process serves the one before for a while. Its own authority comes first in the list.
    private static string Still(WebhookCertificate? before, DateTimeOffset now)
    {
        if (before is null) return "";
        var authorities = new X509Certificate2Collection();
        authorities.ImportFromPem(before.Authorities);
        try
        {
            return authorities.FirstOrDefault(a => a.NotAfter.ToUniversalTime() > now.UtcDateTime) is { } valid ? valid.ExportCertificatePem() + "\n" : "";
        }
        finally
        {
            foreach (var authority in authorities) authority.Dispose();
        }
    }
}
