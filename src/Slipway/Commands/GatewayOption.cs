using System.CommandLine;
using Slipway.Kubernetes.Objects;

namespace Slipway.Commands;

/// <summary>`--gateway NAMESPACE/NAME`: the Gateway object that models are reached through.</summary>
internal static class GatewayOption
{
    public static Option<string?> Create()
    {
        var option = new Option<string?>("--gateway")
        {
            Description = "The Gateway that models are reached through (default: the one with the label airunway.ai/inference-gateway=true, else the only one)",
            HelpName = "NS/NAME",
        };
        option.Validators.Add(result =>
        {
            var text = result.GetValueOrDefault<string?>();
            if (text is not null && Parse(text) is null) result.AddError($"--gateway takes a namespace and a name such as gateways/models, not \"{text}\".");
        });
        return option;
    }

    /// <summary>Reads the option.</summary>
    /// <returns>The Gateway; null when none is named.</returns>
    public static NamespacedName? Parse(string? text) =>
        text?.Split('/') is [{ Length: > 0 } ns, { Length: > 0 } name] ? new NamespacedName(ns, name) : null;
}
