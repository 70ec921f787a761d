using Slipway.Testing;
using Slipway.Tests.Running;

namespace Slipway.Tests.Cli;

/// <summary>Options of an OpenID provider that make no sense are refused before anything is started.</summary>
[Trait("Speed", "slow")]
public sealed class OidcOptionsTests
{
    [Theory]
    [InlineData("up --oidc-issuer-url http://login.example.com --oidc-client-id x", "takes the issuer as its tokens name it")]
    [InlineData("up --oidc-issuer-url https://login.example.com", "--oidc-issuer-url needs --oidc-client-id")]
    [InlineData("apiserver --oidc-groups-claim groups", "--oidc-groups-claim says how to use an OpenID provider: name it")]
    [InlineData("apiserver --oidc-issuer-url https://login.example.com --oidc-client-id x --oidc-required-claim team", "takes NAME=VALUE")]
    [InlineData("up --oidc-issuer-url https://login.example.com --oidc-client-id x --oidc-scopes email,groups", "--oidc-scopes has to contain openid")]
    [InlineData("up --oidc-issuer-url https://login.example.com --oidc-client-id x --oidc-client-secret-file no-such-file", "--oidc-client-secret-file no-such-file cannot be used")]
    [InlineData("apiserver --oidc-issuer-url https://login.example.com --oidc-client-id x --oidc-ca-file no-such-file", "--oidc-ca-file no-such-file cannot be used")]
    public async Task What_makes_no_sense_is_refused(string options, string said)
    {
        using var folder = new TempDirectory();
        var result = await SlipwayProcess.RunOnAsync(folder["x"], options.Split(' '));
        Assert.Equal(1, result.ExitCode);
        Assert.Contains(said, result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_page_in_a_cluster_is_told_of_its_provider()
    {
        using var folder = new TempDirectory();
        string[] provider = ["--oidc-issuer-url", "https://login.example.com", "--oidc-client-id", "slipway", "--oidc-scopes", "openid", "--oidc-scopes", "groups", "--oidc-client-secret-file", "/etc/slipway/oidc/client-secret"];
        var result = await Slipway.Runtimes.Local.Commands.Command.RunAsync(SlipwayProcess.Program, ["install", "--dry-run", "--web-host", "slipway.example.com", .. provider], cancellationToken: TestContext.Current.CancellationToken);
        Assert.True(result.Succeeded, result.Errors);
        foreach (var argument in new[] { "--oidc-issuer-url=https://login.example.com", "--oidc-client-id=slipway", "--oidc-scopes=openid,groups", "--oidc-client-secret-file=/etc/slipway/oidc/client-secret", "secretName: slipway-web-oidc" })
            Assert.Contains(argument, result.Output, StringComparison.Ordinal);
        var without = await Slipway.Runtimes.Local.Commands.Command.RunAsync(SlipwayProcess.Program, ["install", "--dry-run", .. provider], cancellationToken: TestContext.Current.CancellationToken);
        Assert.Contains("installed with --web-host NAME", without.Errors, StringComparison.Ordinal);
    }
}
