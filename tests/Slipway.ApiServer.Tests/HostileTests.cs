using System.Diagnostics;
using System.Text.Json.Nodes;
using Slipway.ApiServer.Tests.Harness;

namespace Slipway.ApiServer.Tests;

/// <summary>Requests made to exhaust a server: each is refused as the client's fault, at once, and the process stays small.</summary>
public sealed class HostileTests
{
    [Fact]
    public async Task What_asks_for_too_much_is_refused_and_costs_little()
    {
        var directory = Directory.CreateTempSubdirectory("slipway-hostile-").FullName;
        try
        {
            await using var server = await ServerProcess.StartAsync(directory);
            using (var map = new StringContent("""{"metadata":{"name":"m"},"data":{"x":"y"}}""", System.Text.Encoding.UTF8, "application/json"))
                (await server.Client.PostAsync("/api/v1/namespaces/default/configmaps", map, TestContext.Current.CancellationToken)).EnsureSuccessStatusCode();
            foreach (var request in HostileRequest.All())
            {
                var began = Stopwatch.GetTimestamp();
                foreach (var (code, body) in await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => request.SendAsync(server.Client))))
                {
                    Assert.True(code is >= 400 and < 500 || request.Method == HttpMethod.Get, $"{request.What}: {code} {body[..Math.Min(300, body.Length)]}");
                    if (code >= 400) Assert.Equal("Status", (string?)JsonNode.Parse(body)!["kind"]);
                }

                var took = Stopwatch.GetElapsedTime(began);
                Assert.True(took < TimeSpan.FromSeconds(10), $"{request.What} took {took}");
                Assert.True(server.PeakMegabytes < 700, $"{request.What}: the process grew to {server.PeakMegabytes:0} MB");
            }
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }
}
