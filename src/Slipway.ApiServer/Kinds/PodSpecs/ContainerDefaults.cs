using Slipway.ApiServer.Json;
using Slipway.ApiServer.Schemas;

namespace Slipway.ApiServer.Kinds.PodSpecs;

/// <summary>The defaults of containers that a schema cannot say.</summary>
internal static class ContainerDefaults
{
    public static void Apply(JsonMap container)
    {
        if (container.Text("imagePullPolicy") is null or "") container["imagePullPolicy"] = PullPolicy(container.Text("image") ?? "");
        container.TryAdd("terminationMessagePath", "/dev/termination-log");
        container.TryAdd("terminationMessagePolicy", "File");
        foreach (var probe in (string[])["livenessProbe", "readinessProbe", "startupProbe"]) Probe(container.Map(probe));
        foreach (var hook in (string[])["postStart", "preStop"]) HttpGet(container.Map("lifecycle", hook));
        Amounts(container.Map("resources"));
    }

    /// <summary>What is tagged latest, or not at all, may have changed and is pulled anew.</summary>
    public static string PullPolicy(string image)
    {
        var name = image[(image.LastIndexOf('/') + 1)..];
        if (name.Contains('@', StringComparison.Ordinal)) return "IfNotPresent";
        return !name.Contains(':', StringComparison.Ordinal) || name.EndsWith(":latest", StringComparison.Ordinal) ? "Always" : "IfNotPresent";
    }

    /// <summary>Rounds amounts of resources up to thousandths, finer than which none is kept.</summary>
    public static void Amounts(JsonMap? resources)
    {
        foreach (var member in (string[])["limits", "requests"])
        {
            if (resources?.Map(member) is not { } amounts) continue;
            foreach (var (name, value) in amounts.ToList())
                if (value is string { Length: > 1 } text && text[^1] is 'n' or 'u' && Amount.Parse(text) is { } amount) amounts[name] = amount.ToMillis().ToString();
        }
    }

    private static void Probe(JsonMap? probe)
    {
        HttpGet(probe);
        probe?.Map("grpc")?.TryAdd("service", "");
    }

    private static void HttpGet(JsonMap? handler)
    {
        if (handler?.Map("httpGet") is not { } get) return;
        get.TryAdd("path", "/");
        get.TryAdd("scheme", "HTTP");
    }
}
