using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Slipway.Conformance.Tests.Harness;

/// <summary>Webhooks on the loopback address, with a certificate of an authority of their own. Each path is a webhook that a test made up.</summary>
public sealed class WebhookServer : IAsyncLifetime
{
    private readonly ConcurrentDictionary<string, Func<HttpContext, JsonNode, Task>> _hooks = new();
    private readonly X509Certificate2 _authority = Authority();
    private WebApplication _web = null!;

    /// <summary>Gets the authority as the caBundle of a configuration.</summary>
    public string CaBundle => Convert.ToBase64String(Encoding.ASCII.GetBytes(_authority.ExportCertificatePem()));

    public int Port { get; private set; }

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(k => k.Listen(IPAddress.Loopback, 0, l => l.UseHttps(Leaf(_authority))));
        _web = builder.Build();
        _web.Run(AnswerAsync);
        await _web.StartAsync(TestContext.Current.CancellationToken);
        Port = new Uri(_web.Urls.First()).Port;
    }

    public async ValueTask DisposeAsync()
    {
        await _web.DisposeAsync();
        _authority.Dispose();
    }

    /// <summary>Adds a webhook that may answer anything.</summary>
    public Hook Raw(Func<HttpContext, JsonNode, Task> answer)
    {
        var hook = new Hook(this, "/" + Guid.NewGuid().ToString("N"));
        _hooks[hook.Path] = (http, review) =>
        {
            hook.Reviews.Enqueue(review);
            hook.Queries.Enqueue(http.Request.QueryString.Value ?? "");
            return answer(http, review);
        };
        return hook;
    }

    /// <summary>Adds a webhook that answers reviews; the function makes the response without its uid.</summary>
    public Hook Add(Func<JsonNode, JsonObject> answer) => Raw((http, review) =>
    {
        var response = answer(review["request"]!);
        if (!response.ContainsKey("uid")) response["uid"] = (string?)review["request"]!["uid"];
        return WriteAsync(http, new JsonObject { ["apiVersion"] = (string?)review["apiVersion"], ["kind"] = (string?)review["kind"], ["response"] = response });
    });

    public Hook Allow() => Add(_ => new JsonObject { ["allowed"] = true });

    public Hook Deny(string message) => Add(_ => new JsonObject { ["allowed"] = false, ["status"] = new JsonObject { ["message"] = message } });

    public Hook Patch(Func<JsonNode, string> operations) => Add(request => new JsonObject
    {
        ["allowed"] = true,
        ["patchType"] = "JSONPatch",
        ["patch"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(operations(request))),
    });

    public static Task WriteAsync(HttpContext http, JsonNode body)
    {
        http.Response.ContentType = "application/json";
        return http.Response.WriteAsync(body.ToJsonString(), http.RequestAborted);
    }

    private async Task AnswerAsync(HttpContext http)
    {
        var review = await JsonNode.ParseAsync(http.Request.Body, cancellationToken: http.RequestAborted);
        if (_hooks.TryGetValue(http.Request.Path, out var hook)) await hook(http, review!);
        else http.Response.StatusCode = 404;
    }

    private static X509Certificate2 Authority()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=webhooks", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        var now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddHours(-1), now.AddHours(1));
    }

    private static X509Certificate2 Leaf(X509Certificate2 authority)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=webhook", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        names.AddDnsName("hook.webhooks.svc");
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.Create(authority, new DateTimeOffset(authority.NotBefore), new DateTimeOffset(authority.NotAfter), [1, 2, 3, 4]);
        using var whole = certificate.CopyWithPrivateKey(key);
        // TLS on some platforms needs the key to have gone through a file's form.
        return X509CertificateLoader.LoadPkcs12(whole.Export(X509ContentType.Pfx), null);
    }
}

/// <summary>One webhook of a <see cref="WebhookServer"/> and what it was asked.</summary>
public sealed class Hook(WebhookServer server, string path)
{
    public string Path { get; } = path;

    public ConcurrentQueue<JsonNode> Reviews { get; } = new();

    public ConcurrentQueue<string> Queries { get; } = new();

    public JsonNode Request => Assert.Single(Reviews)["request"]!;

    public string ClientConfig => $$"""{"url":"https://127.0.0.1:{{server.Port}}{{Path}}","caBundle":"{{server.CaBundle}}"}""";
}
