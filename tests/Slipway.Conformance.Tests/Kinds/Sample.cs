using System.Text.Json.Nodes;
using Slipway.Conformance.Tests.Harness;

namespace Slipway.Conformance.Tests.Kinds;

/// <summary>Objects of built-in kinds that tests create, and what they expect to be told of them.</summary>
internal static class Sample
{
    public const string Template = """{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"i:1"}]}}""";

    public const string Never = """{"metadata":{"labels":{"a":"b"}},"spec":{"restartPolicy":"Never","containers":[{"name":"c","image":"i:1"}]}}""";

    /// <summary>Gets the collection of a kind: "pods", "apps/v1/deployments", or of the cluster "+storage.k8s.io/v1/storageclasses".</summary>
    public static string Collection(string kind, string ns)
    {
        var cluster = kind[0] == '+';
        var parts = kind.TrimStart('+').Split('/');
        var root = parts.Length == 1 ? "/api/v1" : $"/apis/{parts[0]}/{parts[1]}";
        return cluster ? $"{root}/{parts[^1]}" : $"{root}/namespaces/{ns}/{parts[^1]}";
    }

    /// <summary>Makes an object of the members given; TEMPLATE and NEVER stand for pod templates.</summary>
    public static string Object(string members, string name = "sample")
    {
        var value = JsonNode.Parse(members.Replace("TEMPLATE", Template, StringComparison.Ordinal).Replace("NEVER", Never, StringComparison.Ordinal))!.AsObject();
        value["metadata"] ??= new JsonObject();
        value["metadata"]!["name"] = name;
        return value.ToJsonString();
    }

    /// <summary>Makes a pod that mounts no token, with these members in its spec.</summary>
    public static string Pod(string spec, string name = "sample")
    {
        var value = JsonNode.Parse(spec)!.AsObject();
        value["automountServiceAccountToken"] = false;
        value["containers"] ??= JsonNode.Parse("""[{"name":"c","image":"i:1"}]""");
        return Object($$"""{"spec":{{value.ToJsonString()}}}""", name);
    }

    /// <summary>Tries an object without keeping it, so that nothing is left in a cluster.</summary>
    public static Task<Answer> TryAsync(this TestServer server, string kind, string ns, string body) => server.PostAsync(Collection(kind, ns) + "?dryRun=All", body);

    /// <summary>Checks that an object is refused for a fault, as "field: message".</summary>
    public static void ExpectFault(this Answer answer, string fault)
    {
        answer.ExpectStatus(422, "Invalid");
        var causes = answer.At("details.causes")!.AsArray().Select(c => $"{c!["field"]}: {c["message"]}").ToList();
        Assert.True(causes.Exists(c => c.StartsWith(fault, StringComparison.Ordinal)), $"expected \"{fault}\" among:\n{string.Join('\n', causes)}");
    }
}
