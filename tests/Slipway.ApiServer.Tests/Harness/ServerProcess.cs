using System.Diagnostics;
using System.Net;
using System.Security.Cryptography.X509Certificates;

namespace Slipway.ApiServer.Tests.Harness;

/// <summary>A server in a process of its own, which can be killed, and an administrator's client for it.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private readonly Process _process;

    private ServerProcess(Process process, HttpClient client)
    {
        _process = process;
        Client = client;
    }

    public HttpClient Client { get; }

    /// <summary>Gets the most memory that the process ever had resident, in megabytes.</summary>
    public double PeakMegabytes
    {
        get
        {
            _process.Refresh();
            return _process.PeakWorkingSet64 / 1e6;
        }
    }

    public static async Task<ServerProcess> StartAsync(string directory)
    {
        var kubeconfig = Path.Combine(directory, "kubeconfig");
        var start = new ProcessStartInfo(Environment.ProcessPath!) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true };
        foreach (var argument in (string[])["serve", Path.Combine(directory, "data"), "0", kubeconfig]) start.ArgumentList.Add(argument);
        var process = Process.Start(start)!;
        var line = await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
        Assert.StartsWith("ready ", line, StringComparison.Ordinal);
        var pki = Path.Combine(directory, "data", "pki");
        var authority = X509CertificateLoader.LoadCertificateFromFile(Path.Combine(pki, "ca.pem"));
        var handler = new SocketsHttpHandler();
        handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        handler.SslOptions.CertificateChainPolicy.CustomTrustStore.Add(authority);
        handler.SslOptions.ClientCertificates = [X509Certificate2.CreateFromPemFile(Path.Combine(pki, "admin.pem"))];
        return new(process, new HttpClient(handler) { BaseAddress = new Uri(line!.Split(' ')[1]), DefaultRequestVersion = HttpVersion.Version11 });
    }

    public void Kill() => _process.Kill();

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        _process.Kill();
        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
    }
}
