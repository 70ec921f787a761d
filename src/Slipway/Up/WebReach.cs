using System.Net;
using System.Security.Cryptography;
using Slipway.Commands;
using Slipway.Web;

namespace Slipway.Up;

/// <summary>Who is to reach the page of `slipway up`. On loopback that is the user of this machine, who needs no sign-in; everything else asks for one, and nothing turns it off.</summary>
internal sealed record WebReach
{
    /// <summary>Loopback, for the user of this machine.</summary>
    public static WebReach Own { get; } = new();

    /// <summary>The address that it listens on.</summary>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>A PEM file with the server's certificate, those above it, and perhaps the key; none for HTTP.</summary>
    public string? Certificate { get; init; }

    /// <summary>A PEM file with the key; the certificate's own file when null.</summary>
    public string? Key { get; init; }

    /// <summary>The names that it is reached by.</summary>
    public IReadOnlyList<string> Hosts { get; init; } = [];

    /// <summary>Whether a proxy with TLS passes requests on, so that it listens without: nobody else may be let reach it.</summary>
    public bool Proxied { get; init; }

    /// <summary>Whether a sign-in was asked for.</summary>
    public bool Access { get; init; }

    /// <summary>The OpenID provider at which people sign in; none when null.</summary>
    public OidcChoice? Oidc { get; init; }

    /// <summary>Whether people sign in. A name, a certificate or a provider says that others are to come, through a proxy too.</summary>
    public bool SignsIn => Access || Oidc is not null || Hosts.Count > 0 || Certificate is not null || !IPAddress.IsLoopback(Address);

    /// <summary>The page's address.</summary>
    /// <param name="port">Its port.</param>
    /// <exception cref="CommandFailure">It would be reached in a way that is not safe, or the certificate cannot be used.</exception>
    public WebAddress At(int port)
    {
        var open = !IPAddress.IsLoopback(Address);
        if (open && Certificate is null && !Proxied)
        {
            throw new CommandFailure(
                ExitCodes.Failed,
                $"--web-address {Address} would show the page to others, and browsers keep a sign-in over TLS only. Give --web-certificate FILE, or leave --web-address out and let a proxy with TLS on this machine pass requests on, with --web-host NAME.");
        }

        var any = Address.Equals(IPAddress.Any) || Address.Equals(IPAddress.IPv6Any);
        if (any && Hosts.Count == 0)
            throw new CommandFailure(ExitCodes.Failed, $"--web-address {Address} is every address of this machine, which says nothing of the name in browsers. Give it with --web-host NAME; other names are refused, so that no other site can use the page.");
        if (Key is not null && Certificate is null) throw new CommandFailure(ExitCodes.Failed, "--web-key is the key of a certificate: give that too, with --web-certificate FILE.");
        return new WebAddress(port)
        {
            Address = Address,
            Certificate = Certificate is null ? null : Read(Certificate, Key ?? Certificate),
            Hosts = open && !any && !Hosts.Contains(Address.ToString(), StringComparer.OrdinalIgnoreCase) ? [.. Hosts, Address.ToString()] : Hosts,
        };
    }

    private static PageCertificate Read(string file, string key)
    {
        try
        {
            return PageCertificate.Read(file, key);
        }
        catch (Exception unusable) when (unusable is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            throw new CommandFailure(ExitCodes.Failed, $"The certificate {file}{(key == file ? "" : $" with the key {key}")} cannot be used: {unusable.Message} It has to be a PEM file with CERTIFICATE blocks, the server's first, and a PRIVATE KEY block there or in --web-key.");
        }
    }
}
