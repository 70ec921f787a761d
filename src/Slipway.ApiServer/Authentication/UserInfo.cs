using System.Security.Cryptography.X509Certificates;

namespace Slipway.ApiServer.Authentication;

/// <summary>Who a request comes from (<c>authentication.k8s.io/v1</c> UserInfo).</summary>
internal sealed record UserInfo(string Name, IReadOnlyList<string> Groups)
{
    /// <summary>Gets what tells two users of one name apart; empty where nothing does.</summary>
    public string Uid { get; init; } = "";

    /// <summary>Gets what else the authenticator knows.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Extra { get; init; } = new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>The owner of a client certificate: its CN is the user, each O a group (Kubernetes documentation, "X509 client certificates").</summary>
    public static UserInfo Of(X509Certificate2 certificate)
    {
        var name = "";
        var groups = new List<string>();
        foreach (var part in certificate.SubjectName.EnumerateRelativeDistinguishedNames())
        {
            if (part.HasMultipleElements) continue;
            if (part.GetSingleElementType().Value == "2.5.4.3") name = part.GetSingleElementValue() ?? "";
            if (part.GetSingleElementType().Value == "2.5.4.10") groups.Add(part.GetSingleElementValue() ?? "");
        }

        groups.Add("system:authenticated");
        return new(name, groups);
    }
}
