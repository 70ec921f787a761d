using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Slipway.Commands;
using Slipway.Kubernetes.Connection;

namespace Slipway.Operating;

/// <summary>Applies manifests with the rights of whoever runs the command.</summary>
internal static class Installer
{
    // The plural of each kind in Slipway's manifests; all others are an "s" more than the kind.
    private static readonly Dictionary<string, string> s_irregular = new(StringComparer.Ordinal) { ["NetworkPolicy"] = "networkpolicies", ["ValidatingAdmissionPolicy"] = "validatingadmissionpolicies" };

    /// <returns>The exit code.</returns>
    /// <exception cref="KubeApiException">The cluster refused.</exception>
    public static async Task<int> ApplyAsync(KubeClient client, IEnumerable<JsonObject> objects, CancellationToken cancellationToken)
    {
        foreach (var wanted in objects)
        {
            var (kind, name) = ((string)wanted["kind"]!, (string)wanted["metadata"]!["name"]!);
            try
            {
                await client.ApplyRawAsync(Path(wanted, kind, name), Encoding.UTF8.GetBytes(wanted.ToJsonString()), "slipway", cancellationToken);
            }
            catch (KubeApiException refused) when (refused.Code is HttpStatusCode.Forbidden)
            {
                throw new CommandFailure(
                    ExitCodes.Failed,
                    $"{kind} {name}: {refused.Message}. Installing takes an administrator of the cluster; `slipway install --dry-run` prints what one would have to apply.");
            }

            await Console.Out.WriteLineAsync($"{kind} {name} applied");
        }

        return ExitCodes.Ok;
    }

    private static string Path(JsonObject wanted, string kind, string name)
    {
        var apiVersion = (string)wanted["apiVersion"]!;
        var root = apiVersion.Contains('/', StringComparison.Ordinal) ? $"apis/{apiVersion}" : $"api/{apiVersion}";
        var plural = s_irregular.TryGetValue(kind, out var irregular) ? irregular : $"{kind.ToLowerInvariant()}s";
        return (string?)wanted["metadata"]!["namespace"] is { } ns ? $"{root}/namespaces/{ns}/{plural}/{name}" : $"{root}/{plural}/{name}";
    }
}
