using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Slipway.Web;

/// <summary>Looks every minute whether the page's certificate was renewed. One that cannot be used is said, and the old one stays.</summary>
/// <param name="certificate">The certificate.</param>
/// <param name="time">The clock.</param>
/// <param name="log">The log.</param>
internal sealed partial class CertificateFollower(PageCertificate certificate, TimeProvider time, ILogger<CertificateFollower> log) : BackgroundService
{
    public static readonly TimeSpan Pace = TimeSpan.FromMinutes(1);

    private string? _fault;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var pace = new PeriodicTimer(Pace, time);
        while (await pace.WaitForNextTickAsync(stoppingToken))
        {
            var (renewed, fault) = certificate.Refresh();
            var shown = certificate.Context.TargetCertificate;
            var (subject, until) = (shown.Subject, shown.NotAfter.ToUniversalTime());
            if (renewed) LogRenewed(log, subject, until);
            // Once, and not every minute until somebody mends it.
            if (fault is not null && fault != _fault) LogUnusable(log, fault, until);
            _fault = fault;
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The page's certificate was renewed: {Subject}, until {Until:u}")]
    private static partial void LogRenewed(ILogger logger, string subject, DateTime until);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The page's new certificate cannot be used: {Why} The old one is shown until {Until:u}; the new one has to be PEM, the server's certificate first, with the key to it in the same file or in --web-key")]
    private static partial void LogUnusable(ILogger logger, string why, DateTime until);
}
