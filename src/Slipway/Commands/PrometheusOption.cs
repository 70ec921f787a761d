using System.CommandLine;

namespace Slipway.Commands;

/// <summary>The Prometheus that scrapes engines.</summary>
internal static class PrometheusOption
{
    public static Option<string?> Create()
    {
        var option = new Option<string?>("--prometheus") { Description = "A Prometheus that scrapes the engines, such as http://prometheus.monitoring:9090: the page draws weeks from it, and not only the last day", HelpName = "URL" };
        option.Validators.Add(result =>
        {
            var text = result.GetValueOrDefault<string?>();
            if (text is not null && (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https") || url.Query.Length > 0)) result.AddError($"--prometheus takes an address such as http://127.0.0.1:9090, not \"{text}\".");
        });
        return option;
    }

    public static Uri? Parse(string? text) => text is null ? null : new Uri(text);
}
