using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Slipway.Commands;
using Slipway.Operator.Admission;

namespace Slipway.Operating;

/// <summary>The admission webhook: `POST /validate` over TLS, with the certificate that the keeper has at the moment.</summary>
internal sealed class AdmissionServer : IAsyncDisposable
{
    // An object is 1.5 MiB at most (etcd's limit); a review of a change has two.
    private const long MostBytes = 4 << 20;

    private readonly WebApplication _app;
    private readonly CertificateKeeper _keeper;

    private AdmissionServer(WebApplication app, CertificateKeeper keeper) => (_app, _keeper) = (app, keeper);

    /// <summary>Where it answers.</summary>
    public Uri Address => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    /// <summary>The certificate that it shows now, by its thumbprint.</summary>
    public string? Certificate => _keeper.Current?.Thumbprint;

    /// <exception cref="CommandFailure">The address is taken, or there is no Secret for the certificate.</exception>
    public static async Task<AdmissionServer> StartAsync(AdmissionEndpoint wanted, OperatorOptions options, ILoggerFactory loggers, TimeProvider time, CancellationToken cancellationToken)
    {
        var keeper = new CertificateKeeper(options.Client, wanted.Namespace, time, loggers.CreateLogger<CertificateKeeper>());
        var builder = WebApplication.CreateSlimBuilder();
        builder.Services.AddSingleton(loggers);
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = MostBytes;
            kestrel.ConfigureHttpsDefaults(https => https.ServerCertificateSelector = (_, _) => keeper.Current);
        });
        builder.WebHost.UseUrls(wanted.Listen.ToString());
        var server = new AdmissionServer(builder.Build(), keeper);
        var handler = new AdmissionHandler(new AdmissionRules(options.Runtimes, options.Ceilings));
        server._app.MapPost("/validate", http => AnswerAsync(http, handler));
        try
        {
            await keeper.StartAsync(cancellationToken);
            await server._app.StartAsync(cancellationToken);
            return server;
        }
        catch (Exception failure) when (failure is IOException or InvalidOperationException)
        {
            await server.DisposeAsync();
            throw new CommandFailure(ExitCodes.Failed, $"The admission webhook cannot answer at {wanted.Listen}: {failure.Message}");
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        await _keeper.DisposeAsync();
    }

    private static async Task AnswerAsync(HttpContext http, AdmissionHandler handler)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body, http.RequestAborted);
        try
        {
            var answer = handler.Answer(body.GetBuffer().AsMemory(0, (int)body.Length));
            http.Response.ContentType = "application/json";
            await http.Response.WriteAsync(answer.ToJsonString(), http.RequestAborted);
        }
        catch (FormatException wrong)
        {
            http.Response.StatusCode = StatusCodes.Status400BadRequest;
            await http.Response.WriteAsync(wrong.Message + "\n", http.RequestAborted);
        }
    }
}
