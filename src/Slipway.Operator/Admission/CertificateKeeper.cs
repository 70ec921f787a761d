using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Slipway.Kubernetes.Connection;
using Slipway.Kubernetes.Objects;
using Slipway.Operator.Install;

namespace Slipway.Operator.Admission;

/// <summary>
/// Keeps the webhook's certificate: in a Secret that all processes of the operator share, renewed before it ends, its authority known to
/// the API servers before anybody shows it. All of them may do all of it: the Secret's version decides.
/// </summary>
public sealed partial class CertificateKeeper : IAsyncDisposable
{
    // A new certificate is shown a look later than its authority was published, so that every API server knows it by then.
    private static readonly TimeSpan s_look = TimeSpan.FromSeconds(30);

    private readonly KubeClient _client;
    private readonly NamespacedName _secret;
    private readonly string[] _names;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stop = new();
    private WebhookCertificate? _shown, _next;
    private X509Certificate2? _current;
    private Task _run = Task.CompletedTask;

    /// <summary>Initializes a new instance; <see cref="StartAsync"/> begins to work.</summary>
    /// <param name="client">The API.</param>
    /// <param name="ns">The operator's namespace.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">The log.</param>
    public CertificateKeeper(KubeClient client, string ns, TimeProvider time, ILogger<CertificateKeeper> logger)
    {
        (_client, _time, _logger) = (client, time, logger);
        _secret = new NamespacedName(ns, WebhookManifests.SecretName);
        // The Service's name for API servers; the others for an operator that runs outside, where configurations have URLs.
        _names = [$"{Manifests.Name}.{ns}.svc", "localhost", "127.0.0.1"];
    }

    /// <summary>The certificate to show; null until there is one.</summary>
    public X509Certificate2? Current => Volatile.Read(ref _current);

    /// <summary>Looks for the first time, and then every 30 seconds.</summary>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>When there is a certificate.</returns>
    /// <exception cref="InvalidOperationException">The Secret is not there; `slipway install` makes it.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        // Somebody else's first may come in between.
        for (var tries = 0; Current is null && tries < 5; tries++) await LookAsync(cancellationToken);
        _run = RunAsync();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _run;
        // The certificate stays: a handshake may be under way.
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        using var timer = new PeriodicTimer(s_look, _time);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token))
            {
                try
                {
                    await LookAsync(_stop.Token);
                }
                catch (Exception failure) when (failure is KubeApiException or HttpRequestException or InvalidOperationException or JsonException)
                {
                    LogFailed(failure.Message);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Stopping.
        }
    }

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        // Before the Secret: whoever publishes a newer one meanwhile makes this one's publishing a conflict.
        var hook = await _client.GetAsync(WebhookManifests.Configurations, WebhookManifests.Configuration, cancellationToken);
        var secret = await _client.GetAsync(Kinds.Secrets, _secret, cancellationToken)
            ?? throw new InvalidOperationException($"The Secret {_secret} for the webhook's certificate is not there: `slipway install` makes it, and without --admission there is none.");
        var kept = WebhookCertificate.Read(secret);
        if (kept is null || kept.IsDue(_time.GetUtcNow(), _names))
        {
            kept = WebhookCertificate.Make(kept, _names, _time.GetUtcNow());
            try
            {
                var data = new JsonObject([.. kept.Data.Select(d => KeyValuePair.Create(d.Key, (JsonNode?)d.Value))]);
                var patch = new JsonObject { ["metadata"] = new JsonObject { ["resourceVersion"] = secret.Metadata.ResourceVersion }, ["data"] = data };
                await _client.MergePatchAsync(Kinds.Secrets, _secret, patch, "slipway-webhook", cancellationToken);
                LogRenewed(_secret);
            }
            catch (KubeApiException conflict) when (conflict.Code is HttpStatusCode.Conflict)
            {
                // Another process was faster: its certificate is found at the next look.
                return;
            }
        }

        // Who wants no webhook has no configuration.
        if (hook is not null && !await PublishAsync(hook, kept.Authorities, cancellationToken)) return;
        if (kept == _shown) return;
        if (_shown is not null && kept != _next)
        {
            _next = kept;
            return;
        }

        Volatile.Write(ref _current, kept.ToServer());
        (_shown, _next) = (kept, null);
    }

    private async Task<bool> PublishAsync(CachedObject there, string authorities, CancellationToken cancellationToken)
    {
        var bundle = Convert.ToBase64String(Encoding.UTF8.GetBytes(authorities));
        var hooks = there.Json.TryGetProperty("webhooks", out var all) && all.ValueKind is JsonValueKind.Array ? all.EnumerateArray().ToList() : [];
        if (hooks.All(h => h.GetProperty("clientConfig").TryGetProperty("caBundle", out var known) && known.ValueEquals(bundle))) return true;
        var wanted = new JsonObject
        {
            ["apiVersion"] = "admissionregistration.k8s.io/v1",
            ["kind"] = "ValidatingWebhookConfiguration",
            ["metadata"] = new JsonObject { ["name"] = WebhookManifests.Configuration.Name, ["resourceVersion"] = there.Identity.ResourceVersion },
            ["webhooks"] = new JsonArray([.. hooks.Select(h => (JsonNode)new JsonObject { ["name"] = h.GetProperty("name").GetString(), ["clientConfig"] = new JsonObject { ["caBundle"] = bundle } })]),
        };
        try
        {
            await _client.ApplyAsync(WebhookManifests.Configurations, WebhookManifests.Configuration, wanted, "slipway-webhook", cancellationToken);
            return true;
        }
        catch (KubeApiException changed) when (changed.Code is HttpStatusCode.Conflict)
        {
            return false;
        }
    }

    [LoggerMessage(EventId = 1, Level = LogLevel.Information, Message = "Renewed the webhook's certificate in {Secret}")]
    private partial void LogRenewed(NamespacedName secret);

    [LoggerMessage(EventId = 2, Level = LogLevel.Warning, Message = "The webhook's certificate could not be looked after, which is tried again in 30 seconds: {Message}")]
    private partial void LogFailed(string message);
}
