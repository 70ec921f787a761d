using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Slipway.ApiServer.Storage;

namespace Slipway.ApiServer.Authentication.Tokens;

/// <summary>Whether a well signed token still holds: its time, its service account and what it is bound to.</summary>
internal sealed class TokenLiveness(ObjectStore store, TimeProvider time)
{
    // Clocks differ a little, as upstream allows them to.
    private const int Leeway = 60;

    private const string Invalidated = "service account token has been invalidated";

    private readonly Bucket _accounts = store.Bucket("/serviceaccounts");
    private readonly Bucket _secrets = store.Bucket("/secrets");
    private readonly Bucket _pods = store.Bucket("/pods");
    private readonly Bucket _nodes = store.Bucket("/nodes");

    /// <returns>Why the token no longer holds, or <see langword="null"/>.</returns>
    public string? Fault(TokenClaims claims)
    {
        var now = time.GetUtcNow();
        var seconds = now.ToUnixTimeSeconds();
        if (claims.Expires is { } end && seconds > end + Leeway) return "service account token has expired";
        if (seconds < claims.NotBefore - Leeway) return "service account token is not valid yet";
        if (seconds < claims.IssuedAt - Leeway) return "service account token is issued in the future";
        var found = _accounts.Find(StoredObject.KeyOf(claims.Namespace, claims.Account.Name));
        if (found is null) return $"serviceaccounts \"{claims.Account.Name}\" not found";
        if (found.Metadata.Uid != claims.Account.Uid) return $"service account UID ({found.Metadata.Uid}) does not match claim ({claims.Account.Uid})";
        if (Gone(found, now)) return "service account has been deleted";
        if (claims.Secret is { } secret && Fault(_secrets, claims.Namespace, secret, "secret", now) is { } missing) return missing;
        if (claims.Pod is { } pod) return Fault(_pods, claims.Namespace, pod, "pod", now);
        // With a pod the node only says where it ran.
        return claims.Node is { } node ? Fault(_nodes, null, node, "node", now) : null;
    }

    public string? Fault(SecretClaims claims, ReadOnlySpan<char> token)
    {
        var secret = _secrets.Find(StoredObject.KeyOf(claims.Namespace, claims.Secret));
        if (secret is null || secret.Metadata.Deleting) return "Token has been invalidated";
        var kept = secret.Parse().Map("data")?.Text("token") ?? "";
        if (!CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(kept), Encoded(token))) return "Token does not match server's copy";
        var account = _accounts.Find(StoredObject.KeyOf(claims.Namespace, claims.Account.Name));
        if (account is null) return $"serviceaccounts \"{claims.Account.Name}\" not found";
        if (account.Metadata.Deleting) return $"ServiceAccount {claims.Namespace}/{claims.Account.Name} has been deleted";
        return account.Metadata.Uid == claims.Account.Uid ? null
            : $"ServiceAccount UID ({account.Metadata.Uid}) does not match claim ({claims.Account.Uid})";
    }

    private static string? Fault(Bucket bucket, string? @namespace, ObjectIdentity bound, string what, DateTimeOffset now)
    {
        var found = bucket.Find(StoredObject.KeyOf(@namespace, bound.Name));
        if (found is null || (found.Metadata.Uid == bound.Uid && Gone(found, now))) return Invalidated;
        return found.Metadata.Uid == bound.Uid ? null
            : $"{what} UID ({found.Metadata.Uid}) does not match service account {what} ref claim ({bound.Uid})";
    }

    // Marked for deletion is not gone yet: a pod may use its token while it stops.
    private static bool Gone(StoredObject found, DateTimeOffset now) =>
        found.Metadata.Deleting && DateTimeOffset.TryParse(
            found.Parse().Text("metadata", "deletionTimestamp"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var deleted) &&
        deleted < now.AddSeconds(-Leeway);

    private static byte[] Encoded(ReadOnlySpan<char> token)
    {
        var bytes = new byte[Encoding.UTF8.GetByteCount(token)];
        Encoding.UTF8.GetBytes(token, bytes);
        return Encoding.UTF8.GetBytes(Convert.ToBase64String(bytes));
    }
}
