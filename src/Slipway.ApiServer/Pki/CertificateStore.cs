using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Slipway.ApiServer.Pki;

/// <summary>The server's own certificate authority and what it signed, in the data directory's pki folder.</summary>
internal sealed class CertificateStore
{
    private static readonly TimeSpan s_authorityLife = TimeSpan.FromDays(3650);
    private static readonly TimeSpan s_leafLife = TimeSpan.FromDays(365);
    private static readonly TimeSpan s_renewBefore = TimeSpan.FromDays(30);

    // Certificates begin a little in the past, for clients whose clock is behind.
    private static readonly TimeSpan s_clockSkew = TimeSpan.FromMinutes(5);

    private readonly string _directory;
    private readonly TimeProvider _time;

    private CertificateStore(string directory, TimeProvider time)
    {
        _directory = directory;
        _time = time;
    }

    public required X509Certificate2 Authority { get; init; }

    public required X509Certificate2 Server { get; init; }

    public required X509Certificate2 Admin { get; init; }

    public required SigningKey Tokens { get; init; }

    public static CertificateStore Open(string directory, TimeProvider time)
    {
        Directory.CreateDirectory(directory);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var files = new CertificateStore(directory, time) { Authority = null!, Server = null!, Admin = null!, Tokens = null! };
        var authority = files.Obtain("ca", null, (key, start) => Requests.Authority(key, start, start + s_authorityLife));
        var server = files.Obtain("server", authority, (key, start) => Requests.Server(key, authority, start, start + s_leafLife));
        var admin = files.Obtain("admin", authority, (key, start) => Requests.Client(key, authority, "slipway-admin", ["system:masters"], start, start + s_leafLife));
        return new CertificateStore(directory, time) { Authority = authority, Server = server, Admin = admin, Tokens = SigningKey.Open(directory) };
    }

    /// <summary>Gets whether this authority signed a certificate for a client and it is not out of date.</summary>
    public bool IsOurs(X509Certificate2 certificate)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(Authority);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.VerificationTime = _time.GetUtcNow().UtcDateTime;
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid("1.3.6.1.5.5.7.3.2"));
        return chain.Build(certificate);
    }

    /// <summary>Signs a new client certificate that is kept nowhere.</summary>
    public X509Certificate2 IssueClient(string user, IEnumerable<string> groups, TimeSpan lifetime)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = _time.GetUtcNow();
        using var certificate = Requests.Client(key, Authority, user, groups, now - s_clockSkew, now + lifetime);
        // Through PKCS#12 the key becomes one that TLS can use on every platform.
        using var whole = certificate.CopyWithPrivateKey(key);
        return X509CertificateLoader.LoadPkcs12(whole.Export(X509ContentType.Pkcs12), null, X509KeyStorageFlags.Exportable);
    }

    private X509Certificate2 Obtain(string name, X509Certificate2? issuer, Func<ECDsa, DateTimeOffset, X509Certificate2> issue)
    {
        var path = Path.Combine(_directory, name + ".pem");
        if (Read(path) is { } known && known.NotAfter.ToUniversalTime() > _time.GetUtcNow().UtcDateTime + s_renewBefore &&
            (issuer is null || known.IssuerName.RawData.AsSpan().SequenceEqual(issuer.SubjectName.RawData) && IssuedBy(known, issuer))) return known;
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = issue(key, _time.GetUtcNow() - s_clockSkew);
        var pem = certificate.ExportCertificatePem() + "\n" + key.ExportPkcs8PrivateKeyPem() + "\n";
        PrivateFile.Write(path, pem);
        return Read(path)!;
    }

    private static bool IssuedBy(X509Certificate2 certificate, X509Certificate2 issuer)
    {
        var wanted = issuer.Extensions.OfType<X509SubjectKeyIdentifierExtension>().FirstOrDefault();
        var has = certificate.Extensions.OfType<X509AuthorityKeyIdentifierExtension>().FirstOrDefault();
        return wanted is not null && has?.KeyIdentifier is { } id && id.Span.SequenceEqual(wanted.SubjectKeyIdentifierBytes.Span);
    }

    private static X509Certificate2? Read(string path)
    {
        if (!File.Exists(path)) return null;
        try
        {
            return X509Certificate2.CreateFromPemFile(path, path);
        }
        catch (CryptographicException)
        {
            return null; // Half written by a process that was killed: made anew.
        }
    }

    private static class Requests
    {
        public static X509Certificate2 Authority(ECDsa key, DateTimeOffset start, DateTimeOffset end)
        {
            var request = new CertificateRequest("CN=slipway-ca", key, HashAlgorithmName.SHA256);
            request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
            request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign | X509KeyUsageFlags.DigitalSignature, true));
            request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
            return request.CreateSelfSigned(start, end);
        }

        public static X509Certificate2 Server(ECDsa key, X509Certificate2 authority, DateTimeOffset start, DateTimeOffset end)
        {
            var request = new CertificateRequest("CN=slipway-apiserver", key, HashAlgorithmName.SHA256);
            var names = new SubjectAlternativeNameBuilder();
            names.AddIpAddress(IPAddress.Loopback);
            names.AddIpAddress(IPAddress.IPv6Loopback);
            names.AddDnsName("localhost");
            names.AddDnsName("kubernetes.default.svc");
            request.CertificateExtensions.Add(names.Build());
            return Leaf(request, "1.3.6.1.5.5.7.3.1", authority, start, end);
        }

        public static X509Certificate2 Client(ECDsa key, X509Certificate2 authority, string user, IEnumerable<string> groups, DateTimeOffset start, DateTimeOffset end)
        {
            // The builder encodes what was added last first; others read the groups in the order of the encoding.
            var owner = new X500DistinguishedNameBuilder();
            owner.AddCommonName(user);
            foreach (var group in groups.Reverse()) owner.AddOrganizationName(group);
            return Leaf(new CertificateRequest(owner.Build(), key, HashAlgorithmName.SHA256), "1.3.6.1.5.5.7.3.2", authority, start, end);
        }

        private static X509Certificate2 Leaf(CertificateRequest request, string usage, X509Certificate2 authority, DateTimeOffset start, DateTimeOffset end)
        {
            request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
            request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
            request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(usage)], false));
            request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(authority, true, false));
            Span<byte> serial = stackalloc byte[16];
            RandomNumberGenerator.Fill(serial);
            serial[0] &= 0x7F;
            return request.Create(authority, start, end, serial);
        }
    }
}
