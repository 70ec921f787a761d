using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Slipway.Operator.Install;
using Slipway.Runtimes;
using Slipway.Testing;

namespace Slipway.Operator.Tests.Install;

/// <summary>Writes the chart's templates: the objects of `slipway install` with marks where the chart has values, and Helm's words for the marks.</summary>
internal static partial class ChartTemplates
{
    private static readonly InstallOptions s_marked = new()
    {
        Namespace = "__namespace__",
        Image = "__image__",
        ImagePullPolicy = "__pull__",
        Replicas = "__replicas__",
        RuntimesText = "__runtimes__",
        Gateway = "__option:gateway__",
        MaxReplicas = "__option:maxReplicas__",
        MaxGpus = "__option:maxGpus__",
        Runtimes = ClusterRuntimes.All(),
        Monitoring = true,
        DeviceMonitor = "__deviceMonitor__",
        WebHosts = ["__range:web.hosts__"],
        WebOidc = new("__option:web.oidc.issuerUrl__", "__option:web.oidc.clientId__") { SecretFile = "__option:web.oidc.clientSecretFile__", Scopes = "__option:web.oidc.scopes__", AuthorityFile = "__option:web.oidc.caFile__" },
        ModelsUrl = "__option:web.modelsUrl__",
        Prometheus = "__option:web.prometheus__",
    };

    private static readonly Dictionary<string, string> s_words = new(StringComparer.Ordinal)
    {
        ["__namespace__"] = "{{ .Release.Namespace }}",
        ["__image__"] = "\"{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}\"",
        ["__pull__"] = "{{ .Values.image.pullPolicy }}",
        ["__replicas__"] = "{{ .Values.replicas }}",
        ["__runtimes__"] = "{{ join \",\" .Values.runtimes }}",
        ["__deviceMonitor__"] = "{{ .Values.deviceMonitor.namespace }}",
        ["__dashboard__"] = "{{ .Files.Get \"dashboards/slipway.json\" | toJson }}",
    };

    public static IEnumerable<(string Name, string Text)> All()
    {
        yield return ("access.yaml", Text(Manifests.Access(s_marked)));
        foreach (var runtime in s_marked.Runtimes.Select(r => r.Descriptor))
            yield return ($"runtime-{runtime.Name}.yaml", If($"has \"{runtime.Name}\" .Values.runtimes", Text(Manifests.Access(s_marked, runtime))));
        yield return ("rollouts.yaml", Text(Manifests.Rollouts(s_marked)));
        yield return ("operator.yaml", Text([Operator(), OperatorWorkload.Service(s_marked)]));
        yield return ("webhook.yaml", If(".Values.webhook.enabled", Text(Manifests.Webhook(s_marked))));
        yield return ("disruption-budget.yaml", If(".Values.podDisruptionBudget.enabled", Text([OperatorWorkload.DisruptionBudget(s_marked)])));
        yield return ("network-policy.yaml", If(".Values.networkPolicy.enabled", Text([OperatorWorkload.NetworkPolicy(s_marked)])));
        yield return ("device-monitor.yaml", If(".Values.deviceMonitor.namespace", Text(DeviceMonitorManifests.All(s_marked))));
        yield return ("web.yaml", If(".Values.web.hosts", Text(PageManifests.All(s_marked))));
        yield return ("service-monitor.yaml", If(".Values.serviceMonitor.enabled", Text([OperatorWorkload.ServiceMonitor(s_marked)])));
        var dashboard = OperatorWorkload.Dashboard(s_marked);
        dashboard["data"]!["slipway.json"] = "__dashboard__";
        yield return ("dashboard.yaml", If(".Values.dashboard.enabled", Text([dashboard])));
    }

    /// <summary>Objects as YAML without marks for the ends of documents, which say nothing.</summary>
    public static string Plain(IEnumerable<JsonObject> objects) => Yaml.Write(objects).Replace("\n...\n", "\n", StringComparison.Ordinal);

    private static JsonObject Operator()
    {
        var deployment = OperatorWorkload.Deployment(s_marked);
        var pod = deployment["spec"]!["template"]!["spec"]!.AsObject();
        foreach (var field in (string[])["nodeSelector", "tolerations", "affinity"]) pod[field] = $"__block:{field}__";
        pod["imagePullSecrets"] = "__block:image.pullSecrets__";
        pod["containers"]![0]!["resources"] = "__block:resources__";
        return deployment;
    }

    private static string If(string condition, string text) => $"{{{{- if {condition} }}}}\n{text}{{{{- end }}}}\n";

    private static string Text(IEnumerable<JsonObject> objects)
    {
        var text = Block().Replace(Plain(objects), m =>
        {
            var (indent, field, value) = (m.Groups[1].Value, m.Groups[2].Value, m.Groups[3].Value);
            return $"{indent}{{{{- with .Values.{value} }}}}\n{indent}{field}:\n{indent}  {{{{- toYaml . | nindent {indent.Length + 2} }}}}\n{indent}{{{{- end }}}}\n";
        });
        text = Argument().Replace(text, m => $"{m.Groups[1].Value}{{{{- with .Values.{m.Groups[3].Value} }}}}\n{m.Groups[1].Value}- --{m.Groups[2].Value}={{{{ . }}}}\n{m.Groups[1].Value}{{{{- end }}}}\n");
        text = Each().Replace(text, m => $"{m.Groups[1].Value}{{{{- range .Values.{m.Groups[3].Value} }}}}\n{m.Groups[1].Value}- --{m.Groups[2].Value}={{{{ . }}}}\n{m.Groups[1].Value}{{{{- end }}}}\n");
        text = OfTheWebhook().Replace(text, m => $"{m.Groups[1].Value}{{{{- if .Values.webhook.enabled }}}}\n{m.Value}{m.Groups[1].Value}{{{{- end }}}}\n");
        return s_words.Aggregate(text, (t, word) => t.Replace(word.Key, word.Value, StringComparison.Ordinal));
    }

    [GeneratedRegex(@"^( *)- --([a-z-]+)=__option:([A-Za-z.]+)__\n", RegexOptions.Multiline)]
    private static partial Regex Argument();

    [GeneratedRegex(@"^( *)- --([a-z-]+)=__range:([A-Za-z.]+)__\n", RegexOptions.Multiline)]
    private static partial Regex Each();

    // An item of a list, with what is below it.
    [GeneratedRegex(@"^( *)- (?:name: webhook|port: webhook|--admission=\S+)\n(?:\1  .*\n)*", RegexOptions.Multiline)]
    private static partial Regex OfTheWebhook();

    [GeneratedRegex(@"^( *)([A-Za-z]+): ""?__block:([A-Za-z.]+)__""?\n", RegexOptions.Multiline)]
    private static partial Regex Block();
}
