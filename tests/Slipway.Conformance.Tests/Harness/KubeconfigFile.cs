using System.Security.Cryptography.X509Certificates;
using System.Text;
using YamlDotNet.RepresentationModel;

namespace Slipway.Conformance.Tests.Harness;

/// <summary>What the suite needs of a kubeconfig's current context: embedded certificates, or a token.</summary>
internal sealed record KubeconfigFile(Uri Server, X509Certificate2 Authority, X509Certificate2? Certificate, string? Token)
{
    public static KubeconfigFile Read(string path)
    {
        var yaml = new YamlStream();
        using (var text = File.OpenText(path)) yaml.Load(text);
        var root = (YamlMappingNode)yaml.Documents[0].RootNode;
        var context = Named(root, "contexts", Text(root, "current-context")!, "context");
        var cluster = Named(root, "clusters", Text(context, "cluster")!, "cluster");
        var user = Named(root, "users", Text(context, "user")!, "user");
        var certificate = Pem(user, "client-certificate") is { } pem && Pem(user, "client-key") is { } key ? X509Certificate2.CreateFromPem(pem, key) : null;
        return new(
            new Uri(Text(cluster, "server")!),
            X509Certificate2.CreateFromPem(Pem(cluster, "certificate-authority") ?? throw new InvalidDataException($"{path} embeds no certificate authority")),
            certificate,
            Text(user, "token"));
    }

    private static YamlMappingNode Named(YamlMappingNode root, string list, string name, string member) =>
        (YamlMappingNode)((YamlSequenceNode)root[list]).Cast<YamlMappingNode>().Single(e => Text(e, "name") == name)[member];

    private static string? Pem(YamlMappingNode node, string name) =>
        Text(node, name + "-data") is { } data ? Encoding.UTF8.GetString(Convert.FromBase64String(data))
        : Text(node, name) is { } file ? File.ReadAllText(file) : null;

    private static string? Text(YamlMappingNode node, string name) => node.Children.TryGetValue(name, out var value) ? value.ToString() : null;
}
