using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Slipway.Conformance.Tests.Harness;

namespace Slipway.ApiServer.Tests;

public sealed class StartTests
{
    [Fact]
    public async Task Objects_and_identities_survive_a_restart()
    {
        await using var server = new TestServer();
        await server.StartAsync();
        var made = await server.PostAsync("/api/v1/namespaces/default/configmaps", """{"metadata":{"name":"a"}}""");
        var kind = await server.DefineAsync("""{"type":"object","properties":{"a":{"type":"integer"}}}""");
        await server.PostAsync(kind.Path("default"), kind.Json("x", """{"a":1}"""));
        var authority = server.Server.CertificateAuthority.Thumbprint;
        await server.StopAsync();
        await server.StartAsync();
        Assert.Equal(authority, server.Server.CertificateAuthority.Thumbprint);
        Assert.Equal(made.Body, (await server.GetAsync("/api/v1/namespaces/default/configmaps/a")).Body);
        Assert.Equal("1", (await server.GetAsync(kind.Path("default", "x"))).Text("spec.a"));
        var next = await server.PostAsync("/api/v1/namespaces/default/configmaps", """{"metadata":{"name":"b"}}""");
        Assert.True(long.Parse(next.Text("metadata.resourceVersion")!) > long.Parse(made.Text("metadata.resourceVersion")!));
    }

    [Fact]
    public async Task Two_servers_of_one_directory_are_told_apart()
    {
        await using var first = new TestServer();
        await first.StartAsync();
        var refused = await Assert.ThrowsAsync<DatabaseLockedException>(() => StartAsync(first.Options()));
        Assert.Contains("in use by another process", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_busy_port_is_named()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        await using var place = new Place();
        var refused = await Assert.ThrowsAsync<PortInUseException>(() => StartAsync(place.Options with { Port = port }));
        Assert.Equal(port, refused.Port);
        Assert.Contains($"Port {port}", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_damaged_database_is_named_and_left_alone()
    {
        await using var place = new Place();
        Directory.CreateDirectory(place.Options.DataDirectory);
        var file = Path.Combine(place.Options.DataDirectory, "apiserver.db");
        var garbage = new string('x', 8192);
        await File.WriteAllTextAsync(file, garbage, TestContext.Current.CancellationToken);
        var refused = await Assert.ThrowsAsync<DatabaseCorruptException>(() => StartAsync(place.Options));
        Assert.Contains(file, refused.Message, StringComparison.Ordinal);
        Assert.Equal(garbage, await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_directory_that_cannot_be_used_is_named()
    {
        await using var place = new Place();
        await File.WriteAllTextAsync(place.Options.DataDirectory, "a file", TestContext.Current.CancellationToken);
        await Assert.ThrowsAsync<DataDirectoryException>(() => StartAsync(place.Options));
    }

    [Fact]
    public async Task Secrets_on_disk_are_their_owners_alone()
    {
        if (OperatingSystem.IsWindows()) return; // It has no file modes.
        await using var server = new TestServer();
        await server.StartAsync();
        var data = server.Options().DataDirectory;
        foreach (var file in (string[])[server.Kubeconfig, Path.Combine(data, "apiserver.db"), .. Directory.GetFiles(Path.Combine(data, "pki"))])
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
    }

    [Fact]
    public async Task A_certificate_near_its_end_is_issued_anew_by_the_same_authority()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow().AddDays(-350));
        await using var place = new Place();
        string authority, admin;
        await using (var before = await StartAsync(place.Options with { Time = time }))
            (authority, admin) = (before.CertificateAuthority.Thumbprint, before.AdminCertificate.Thumbprint);
        await using var after = await StartAsync(place.Options);
        Assert.Equal(authority, after.CertificateAuthority.Thumbprint);
        Assert.NotEqual(admin, after.AdminCertificate.Thumbprint);
        using var client = TestServer.NewClient(after, after.AdminCertificate);
        using var answer = await client.GetAsync("/api/v1/namespaces", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task Stopping_is_quick_even_with_open_watches()
    {
        var server = new TestServer();
        await server.StartAsync();
        await using var watch = await Watching.OpenAsync(server, "/api/v1/configmaps?watch=true");
        var began = TimeProvider.System.GetTimestamp();
        await server.Server.DisposeAsync();
        // The web server waits for half a minute for what is open.
        Assert.True(TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromSeconds(15));
        server.Client.Dispose();
        Directory.Delete(server.Directory, recursive: true);
    }

    private static Task<EmbeddedApiServer> StartAsync(ApiServerOptions options) =>
        EmbeddedApiServer.StartAsync(options, NullLoggerFactory.Instance, TestContext.Current.CancellationToken);

    [Fact]
    public async Task A_version_from_before_the_history_is_gone()
    {
        await using var restarted = new TestServer();
        await restarted.StartAsync();
        await restarted.PostAsync("/api/v1/namespaces/default/configmaps", """{"metadata":{"name":"gone"}}""");
        await restarted.StopAsync();
        await restarted.StartAsync();
        await using var late = await Watching.OpenAsync(restarted, "/api/v1/configmaps?watch=true&resourceVersion=1");
        var (type, status) = (await late.NextAsync()).GetValueOrDefault();
        Assert.Equal("ERROR", type);
        Assert.Equal(410, (int)status["code"]!);
        Assert.Equal("Expired", (string?)status["reason"]);
        Assert.Null(await late.NextAsync());
    }

    private sealed class Place : IAsyncDisposable
    {
        private readonly string _directory = Directory.CreateTempSubdirectory("slipway-apiserver-").FullName;

        public ApiServerOptions Options => new() { DataDirectory = Path.Combine(_directory, "data"), KubeconfigPath = Path.Combine(_directory, "kubeconfig") };

        public ValueTask DisposeAsync()
        {
            Directory.Delete(_directory, recursive: true);
            return ValueTask.CompletedTask;
        }
    }
}
