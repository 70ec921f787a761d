using System.Text;
using System.Text.Json.Nodes;
using Slipway.ApiServer.Tests.Harness;

namespace Slipway.ApiServer.Tests;

public sealed class CrashTests
{
    private const int Rounds = 50;
    private const int Writes = 10_000;
    private const int Writers = 8;

    [Fact]
    [Trait("Speed", "slow")]
    public async Task A_killed_server_has_lost_nothing_that_it_acknowledged()
    {
        var directory = Directory.CreateTempSubdirectory("slipway-crash-").FullName;
        var ledger = new WriteLedger();
        var random = new Random(7);
        var killed = 0;
        try
        {
            for (; killed < Rounds; killed++)
            {
                await using var server = await ServerProcess.StartAsync(directory);
                await ledger.CheckAsync(server.Client);
                // On average a 25th more than the rounds need together; the last one makes up for what chance left out.
                var share = Writes / Rounds;
                var writes = killed == Rounds - 1 ? Math.Max(share, Writes - ledger.Acknowledged) : share * 26 / 25 + random.Next(-share / 2, share / 2);
                var assassin = new Assassin(server, ledger.Acknowledged + writes, random.Next(20_000));
                await Task.WhenAll(Enumerable.Range(0, Writers).Select(w => new CrashWriter($"r{killed}w{w}", server.Client, ledger, assassin.Look).WriteAsync()));
            }

            await using var last = await ServerProcess.StartAsync(directory);
            await ledger.CheckAsync(last.Client);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }

        Assert.Equal(50, killed);
        Assert.InRange(ledger.Acknowledged, 10_000, 15_000);
        TestContext.Current.SendDiagnosticMessage($"{killed} kills, {ledger}");
    }

    [Fact]
    public async Task A_token_outlives_the_server_that_made_it()
    {
        var directory = Directory.CreateTempSubdirectory("slipway-crash-").FullName;
        try
        {
            string token;
            await using (var child = await ServerProcess.StartAsync(directory))
            {
                using var request = new StringContent("{}", Encoding.UTF8, "application/json");
                using var account = new StringContent("""{"metadata":{"name":"bot"}}""", Encoding.UTF8, "application/json");
                using var made = await child.Client.PostAsync("/api/v1/namespaces/default/serviceaccounts", account, TestContext.Current.CancellationToken);
                using var answer = await child.Client.PostAsync("/api/v1/namespaces/default/serviceaccounts/bot/token", request, TestContext.Current.CancellationToken);
                token = (string)JsonNode.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!["status"]!["token"]!;
                child.Kill();
            }

            await using var next = await ServerProcess.StartAsync(directory);
            using var review = new StringContent($$"""{"spec":{"token":"{{token}}"} }""", Encoding.UTF8, "application/json");
            using var verdict = await next.Client.PostAsync("/apis/authentication.k8s.io/v1/tokenreviews", review, TestContext.Current.CancellationToken);
            var status = JsonNode.Parse(await verdict.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!["status"]!;
            Assert.Equal("system:serviceaccount:default:bot", (string?)status["user"]?["username"]);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    /// <summary>Kills the server once so many writes are acknowledged, a random moment later: others are on their way then.</summary>
    private sealed class Assassin(ServerProcess server, int writes, int spins)
    {
        public void Look(int acknowledged)
        {
            if (acknowledged != writes) return;
            Thread.SpinWait(spins);
            server.Kill();
        }
    }
}
