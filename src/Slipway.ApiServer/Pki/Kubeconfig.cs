using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Slipway.ApiServer.Pki;

/// <summary>The kubeconfig file through which clients find and enter the server.</summary>
internal static class Kubeconfig
{
    public const string Context = "slipway";

    public static void Write(string path, Uri address, X509Certificate2 authority, X509Certificate2 admin)
    {
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } directory) Directory.CreateDirectory(directory);
        PrivateFile.Write(path, $"""
            apiVersion: v1
            kind: Config
            current-context: {Context}
            clusters:
            - name: {Context}
              cluster:
                server: {address.ToString().TrimEnd('/')}
                certificate-authority-data: {Encode(authority.ExportCertificatePem())}
            contexts:
            - name: {Context}
              context:
                cluster: {Context}
                user: {Context}-admin
            users:
            - name: {Context}-admin
              user:
                client-certificate-data: {Encode(admin.ExportCertificatePem())}
                client-key-data: {Encode(PrivateKey(admin))}

            """);
    }

    private static string PrivateKey(X509Certificate2 certificate)
    {
        using ECDsa key = certificate.GetECDsaPrivateKey()!;
        return key.ExportPkcs8PrivateKeyPem();
    }

    private static string Encode(string pem) => Convert.ToBase64String(Encoding.ASCII.GetBytes(pem + "\n"));
}
