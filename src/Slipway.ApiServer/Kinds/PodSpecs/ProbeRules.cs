using Slipway.ApiServer.Http;

namespace Slipway.ApiServer.Kinds.PodSpecs;

/// <summary>The rules of probes and of what hooks do.</summary>
internal static class ProbeRules
{
    private static readonly string[] s_handlers = ["exec", "httpGet", "tcpSocket", "grpc", "sleep"];

    public static void Check(Spot probe, bool alwaysOnce)
    {
        Handler(probe, "handler");
        foreach (var name in (string[])["initialDelaySeconds", "timeoutSeconds", "periodSeconds", "successThreshold", "failureThreshold"]) probe.NotNegative(name);
        if (probe.Number("terminationGracePeriodSeconds") is <= 0 and var grace) probe.Invalid("terminationGracePeriodSeconds", grace, "must be greater than 0");
        if (alwaysOnce && probe.Number("successThreshold") is not (null or 1) and var threshold) probe.Invalid("successThreshold", threshold, "must be 1");
    }

    public static void Handler(Spot handler, string what)
    {
        var given = s_handlers.Where(h => handler.Map(h) is not null).ToList();
        if (given.Count == 0) handler.Errors.Add(FieldError.Required(handler.Path, $"must specify a {what} type"));
        foreach (var more in given.Skip(1)) handler.Forbidden(more, $"may not specify more than 1 {what} type");
        if (given.Count == 0) return;
        var action = handler.Map(given[0])!.Value;
        switch (given[0])
        {
            case "exec" when action.Value.List("command") is null or { Count: 0 }:
                action.Required("command");
                break;
            case "httpGet":
                if (action.Text("path").Length == 0) action.Required("path");
                Port(action);
                action.OneOf("scheme", "HTTP", "HTTPS");
                break;
            case "tcpSocket":
                Port(action);
                break;
            case "grpc":
                action.Within("port", 1, ushort.MaxValue);
                break;
        }
    }

    private static void Port(Spot action)
    {
        if (action.Value.At("port") is string name)
            foreach (var fault in Names.PortNameFaults(name)) action.Invalid("port", name, fault);
        else if ((action.Number("port") ?? 0) is var number && number is < 1 or > ushort.MaxValue) action.Invalid("port", number, Spot.Range(1, ushort.MaxValue));
    }
}
