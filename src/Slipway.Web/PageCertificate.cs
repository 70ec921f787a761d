using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Slipway.Web;

/// <summary>The page's certificate as its files have it, which may be replaced while it runs: connections that are made from then on get the new one.</summary>
public sealed class PageCertificate
{
    private readonly string _file;
    private readonly string _key;
    private byte[] _print;

    private PageCertificate(string file, string key, byte[] print, SslStreamCertificateContext context) => (_file, _key, _print, Context) = (file, key, print, context);

    /// <summary>What is shown now, with the certificates between it and the authority that browsers know.</summary>
    public SslStreamCertificateContext Context { get; private set; }

    /// <summary>Reads it.</summary>
    /// <param name="file">A PEM file with the server's certificate first, and those above it.</param>
    /// <param name="key">A PEM file with its key; may be the same.</param>
    /// <exception cref="IOException">A file is not there.</exception>
    /// <exception cref="UnauthorizedAccessException">A file may not be read.</exception>
    /// <exception cref="CryptographicException">There is no certificate or key in them.</exception>
    /// <exception cref="ArgumentException">The key is another's, or there is none.</exception>
    public static PageCertificate Read(string file, string key)
    {
        var (certificate, secret) = (File.ReadAllText(file), File.ReadAllText(key));
        return new PageCertificate(file, key, Print(certificate, secret), Load(certificate, secret));
    }

    /// <summary>Reads the files again, by their content: who renews a certificate may replace the file, or a link to its folder.</summary>
    /// <returns>What became of it: nothing new, a new certificate, or why there is none.</returns>
    public (bool Renewed, string? Fault) Refresh()
    {
        try
        {
            var (certificate, secret) = (File.ReadAllText(_file), File.ReadAllText(_key));
            var print = Print(certificate, secret);
            if (print.AsSpan().SequenceEqual(_print)) return (false, null);
            var context = Load(certificate, secret);
            (_print, Context) = (print, context);
            return (true, null);
        }
        catch (Exception unusable) when (unusable is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            return (false, unusable.Message);
        }
    }

    private static SslStreamCertificateContext Load(string certificate, string key)
    {
        var chain = new X509Certificate2Collection();
        chain.ImportFromPem(certificate);
        // Those above it are in the file; nothing is fetched from where certificates say that they could be found.
        return SslStreamCertificateContext.Create(X509Certificate2.CreateFromPem(certificate, key), chain, offline: true);
    }

    private static byte[] Print(string certificate, string key) => SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(certificate + '\0' + key));
}
