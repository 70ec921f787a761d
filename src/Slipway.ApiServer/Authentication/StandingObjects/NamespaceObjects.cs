using System.Security.Cryptography.X509Certificates;
using Slipway.ApiServer.Json;
using Slipway.ApiServer.Storage;

namespace Slipway.ApiServer.Authentication.StandingObjects;

/// <summary>What every namespace has: the service account "default" and the certificate that its pods trust the API by.</summary>
internal sealed class NamespaceObjects(SystemObjects objects, X509Certificate2 authority)
{
    public const string Account = "default";
    public const string RootCertificate = "kube-root-ca.crt";

    private const string Note = "Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or " +
        "kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters.";

    private readonly string _certificate = authority.ExportCertificatePem() + "\n";

    public async Task EnsureAsync(string @namespace)
    {
        await objects.CreateAsync("serviceaccounts", @namespace, Account, _ => { });
        await objects.CreateAsync("configmaps", @namespace, RootCertificate, Fill);
    }

    public Task EnsureAccountAsync(string @namespace) => objects.CreateAsync("serviceaccounts", @namespace, Account, _ => { });

    /// <summary>Makes the certificate's map what it should be, whoever deleted or changed it.</summary>
    public async Task EnsureCertificateAsync(string @namespace)
    {
        if (objects.Bucket("", "configmaps").Find(StoredObject.KeyOf(@namespace, RootCertificate)) is not { } stored)
            await objects.CreateAsync("configmaps", @namespace, RootCertificate, Fill);
        else if (stored.Parse().Map("data") is not { Count: 1 } data || data.Text("ca.crt") != _certificate)
            await objects.UpdateAsync("", "configmaps", stored, Fill);
    }

    private void Fill(JsonMap map)
    {
        map.Ensure("metadata").Ensure("annotations")["kubernetes.io/description"] = Note;
        map["data"] = new JsonMap { ["ca.crt"] = _certificate };
    }
}
