using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Slipway.Testing;

namespace Slipway.Web.Tests.Access;

/// <summary>A certificate that is renewed while the page runs, as cert-manager's volumes do it.</summary>
public sealed class CertificateTests(Cluster cluster) : IClassFixture<Cluster>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_renewed_certificate_is_shown_without_a_restart_with_those_above_it_and_a_broken_one_is_not()
    {
        using var folder = new TempDirectory();
        Lay(folder, "1", Issue("first"));
        Directory.CreateSymbolicLink(folder["data"], folder["1"]);
        await using var door = await Door.OpenAsync(cluster, ["page.example"], certificate: PageCertificate.Read(folder["data/tls.crt"], folder["data/tls.key"]));
        Assert.Equal(("CN=first", 2), await ShownAsync(door));

        Lay(folder, "2", Issue("second"));
        Turn(folder, "2");
        Assert.Equal("CN=first", (await ShownAsync(door)).Subject);
        door.Time.Advance(TimeSpan.FromMinutes(1));
        await UntilAsync(() => door.Log.Contains("was renewed: CN=second", StringComparison.Ordinal));
        Assert.Equal(("CN=second", 2), await ShownAsync(door));

        // The key of another.
        Lay(folder, "3", (Issue("third").Certificate, Issue("other").Key));
        Turn(folder, "3");
        door.Time.Advance(TimeSpan.FromMinutes(1));
        await UntilAsync(() => door.Log.Contains("cannot be used", StringComparison.Ordinal));
        Assert.Equal("CN=second", (await ShownAsync(door)).Subject);
        Lay(folder, "4", Issue("fourth"));
        Turn(folder, "4");
        door.Time.Advance(TimeSpan.FromMinutes(1));
        await UntilAsync(() => door.Log.Contains("was renewed: CN=fourth", StringComparison.Ordinal));
        Assert.Equal("CN=fourth", (await ShownAsync(door)).Subject);
    }

    private static void Lay(TempDirectory folder, string name, (string Certificate, string Key) pem)
    {
        folder.Write($"{name}/tls.crt", System.Text.Encoding.ASCII.GetBytes(pem.Certificate));
        folder.Write($"{name}/tls.key", System.Text.Encoding.ASCII.GetBytes(pem.Key));
    }

    // As kubelets turn "..data".
    private static void Turn(TempDirectory folder, string name)
    {
        Directory.Delete(folder["data"]);
        Directory.CreateSymbolicLink(folder["data"], folder[name]);
    }

    // A server's certificate, and the one above it, whose own authority is for browsers to know.
    private static (string Certificate, string Key) Issue(string name)
    {
        using var root = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var above = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var own = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = TimeProvider.System.GetUtcNow();
        static CertificateRequest Authority(string subject, ECDsa key)
        {
            var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
            request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
            return request;
        }

        using var top = Authority("CN=root", root).CreateSelfSigned(now.AddHours(-1), now.AddHours(3));
        using var signed = Authority("CN=above " + name, above).Create(top, now.AddHours(-1), now.AddHours(2), [2]);
        using var ca = signed.CopyWithPrivateKey(above);
        using var certificate = new CertificateRequest("CN=" + name, own, HashAlgorithmName.SHA256).Create(ca, now.AddHours(-1), now.AddHours(1), [1]);
        return ($"{certificate.ExportCertificatePem()}\n{ca.ExportCertificatePem()}\n", own.ExportPkcs8PrivateKeyPem());
    }

    private static async Task<(string Subject, int Sent)> ShownAsync(Door door)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, door.Address.Port, Token);
        var shown = default((string, int));
        await using var tls = new SslStream(socket.GetStream(), false, (_, certificate, chain, _) =>
        {
            shown = (certificate!.Subject, chain!.ChainPolicy.ExtraStore.Count);
            return certificate.Subject.StartsWith("CN=", StringComparison.Ordinal);
        });
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "page.example" }, Token);
        return shown;
    }

    private static async Task UntilAsync(Func<bool> holds)
    {
        while (!holds()) await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Token);
    }
}
