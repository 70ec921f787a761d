using System.Security.Cryptography.X509Certificates;
using System.Text;
using Slipway.ApiServer.Authentication.Tokens;
using Slipway.ApiServer.Storage;

namespace Slipway.ApiServer.Authentication.StandingObjects;

/// <summary>Fills secrets of the type kubernetes.io/service-account-token, and deletes them with their account.</summary>
internal sealed class TokenSecrets(SystemObjects objects, TokenIssuer issuer, X509Certificate2 authority)
{
    public const string Type = "kubernetes.io/service-account-token";
    public const string AccountName = "kubernetes.io/service-account.name";

    private const string AccountUid = "kubernetes.io/service-account.uid";

    private readonly string _certificate = Encode(authority.ExportCertificatePem() + "\n");

    public async Task HandleSecretAsync(StoredObject stored)
    {
        if (!stored.Bytes.AsSpan().ContainsType()) return;
        var secret = stored.Parse();
        if (secret.Text("type") != Type || stored.Metadata.Deleting) return;
        var notes = secret.Map("metadata", "annotations");
        var account = objects.Bucket("", "serviceaccounts").Find(StoredObject.KeyOf(stored.Namespace, notes?.Text(AccountName) ?? ""));
        if (account is null || notes?.Text(AccountUid) is { Length: > 0 } uid && uid != account.Metadata.Uid)
        {
            await objects.DeleteAsync("secrets", stored);
            return;
        }

        var data = secret.Map("data");
        if (data?.Text("ca.crt") == _certificate && data.Text("namespace") is { Length: > 0 } && data.Text("token") is { Length: > 0 }) return;
        await objects.UpdateAsync("", "secrets", stored, next =>
        {
            var content = next.Ensure("data");
            content["ca.crt"] = _certificate;
            if (content.Text("namespace") is null or "") content["namespace"] = Encode(stored.Namespace);
            if (content.Text("token") is null or "") content["token"] = Encode(issuer.IssueFor(stored, account));
            var annotations = next.Map("metadata")!.Ensure("annotations");
            annotations[AccountName] = account.Name;
            annotations[AccountUid] = account.Metadata.Uid;
        });
    }

    public async Task HandleAccountDeletedAsync(StoredObject account)
    {
        foreach (var stored in objects.Bucket("", "secrets").Current.Range(account.Namespace + "/", null).ToList())
        {
            if (!stored.Bytes.AsSpan().ContainsType()) continue;
            var secret = stored.Parse();
            var notes = secret.Map("metadata", "annotations");
            if (secret.Text("type") != Type || notes?.Text(AccountName) != account.Name) continue;
            if (notes.Text(AccountUid) is null or "" || notes.Text(AccountUid) == account.Metadata.Uid) await objects.DeleteAsync("secrets", stored);
        }
    }

    private static string Encode(string text) => Convert.ToBase64String(Encoding.ASCII.GetBytes(text));
}

/// <summary>Tells most secrets apart without reading them.</summary>
internal static class TokenSecretBytes
{
    public static bool ContainsType(this Span<byte> json) => json.IndexOf("\"kubernetes.io/service-account-token\""u8) >= 0;
}
