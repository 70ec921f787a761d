using System.Collections.Concurrent;
using System.Net;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Slipway.Web.Access;
using Slipway.Web.Access.Oidc;
using Slipway.Web.Tests.Fakes;

namespace Slipway.Web.Tests.Access;

/// <summary>A page with a sign-in, what its cluster answers being real, and clients that keep cookies themselves.</summary>
internal sealed partial class Door : IAsyncDisposable
{
    private readonly WebServer _server;
    private readonly Recorder _log;
    private readonly List<HttpClient> _clients = [];

    private Door(WebServer server, Recorder log) => (_server, _log) = (server, log);

    public FakeDeployments Deployments { get; private init; } = null!;

    public required FakeTimeProvider Time { get; init; }

    /// <summary>The lines of the audit.</summary>
    public IEnumerable<string> Audited => _log.Lines.Where(static l => l.Category == "Slipway.Audit").Select(static l => l.Text);

    /// <summary>Everything that was logged.</summary>
    public string Log => string.Join('\n', _log.Lines.Select(static l => l.Text));

    public IEnumerable<string> Routes => _server.Routes;

    public Uri Address => _server.Address;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<Door> OpenAsync(Cluster cluster, IReadOnlyList<string>? hosts = null, OidcOptions? oidc = null, FakeTimeProvider? clock = null, PageCertificate? certificate = null)
    {
        var time = clock ?? new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        var (deployments, answers, log) = (new FakeDeployments(), new FakeAnswers(), new Recorder());
        var sources = new PageSources(deployments, new FakeLogs(), new FakeTraffic(), new FakeRollouts(), new FakeSchedules(), new FakeKeys(), new FakeHubAccount(), answers, answers);
        var access = new AccessOptions(cluster.Admin, cluster.Connect, _ => sources, () => [.. deployments.All.Select(static d => d.Metadata.Namespace!).Distinct()]) { Oidc = oidc };
        var server = await WebServer.StartAsync(new WebAddress(0) { Hosts = hosts ?? [], Certificate = certificate }, new PageOptions(new Uri("http://127.0.0.1:7080"), "1.0"), sources, access, time, log, Token);
        return new Door(server, log) { Deployments = deployments, Time = time };
    }

    /// <summary>A browser that follows nothing and keeps no cookie by itself.</summary>
    public HttpClient Client()
    {
        var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = Address };
        _clients.Add(client);
        return client;
    }

    /// <summary>A browser that has signed in.</summary>
    public async Task<HttpClient> SignedInAsync(string token)
    {
        var client = Client();
        using var response = await SignInAsync(client, token);
        Assert.Equal(HttpStatusCode.SeeOther, response.StatusCode);
        client.DefaultRequestHeaders.Add("Cookie", CookieOf(response));
        return client;
    }

    /// <summary>Fills the form in and sends it.</summary>
    public async Task<HttpResponseMessage> SignInAsync(HttpClient client, string token, string back = "/", string? cookie = null)
    {
        using var page = await client.GetAsync("/sign-in?return=" + Uri.EscapeDataString(back), Token);
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        using var send = new HttpRequestMessage(HttpMethod.Post, "/sign-in")
        {
            Content = new FormUrlEncodedContent(new Dictionary<string, string> { ["__RequestVerificationToken"] = await FormTokenAsync(page), ["token"] = token, ["return"] = back }),
            Headers = { { "Cookie", string.Join("; ", new[] { CookieOf(page), cookie }.OfType<string>()) } },
        };
        return await client.SendAsync(send, Token);
    }

    /// <summary>The first cookie that an answer sets, as a request sends it.</summary>
    public static string CookieOf(HttpResponseMessage response) => response.Headers.GetValues("Set-Cookie").First().Split(';')[0];

    public static async Task<string> FormTokenAsync(HttpResponseMessage page) => FormToken().Match(await page.Content.ReadAsStringAsync(Token)).Groups["token"].Value;

    public async ValueTask DisposeAsync()
    {
        foreach (var client in _clients) client.Dispose();
        await _server.DisposeAsync();
    }

    [GeneratedRegex("name=\"__RequestVerificationToken\" value=\"(?<token>[^\"]+)\"", RegexOptions.NonBacktracking)]
    private static partial Regex FormToken();

    private sealed class Recorder : ILoggerFactory
    {
        public ConcurrentQueue<(string Category, string Text)> Lines { get; } = [];

        public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

        public ILogger CreateLogger(string categoryName) => new Pen(this, categoryName);

        public void Dispose()
        {
        }

        private sealed class Pen(Recorder all, string category) : ILogger
        {
            public IDisposable? BeginScope<TState>(TState state)
                where TState : notnull => null;

            public bool IsEnabled(LogLevel logLevel) => true;

            public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
                all.Lines.Enqueue((category, $"{formatter(state, exception)} {exception}"));
        }
    }
}
