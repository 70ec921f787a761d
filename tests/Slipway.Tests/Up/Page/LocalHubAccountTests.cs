using System.Net;
using System.Text;
using Slipway.Models.Hub.SignIn;
using Slipway.Models.Store;
using Slipway.Testing;
using Slipway.Up.Page;

namespace Slipway.Tests.Up.Page;

/// <summary>The hub's sign-in of this machine, as the page changes it.</summary>
public sealed class LocalHubAccountTests : IDisposable
{
    private readonly TempDirectory _home = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task A_token_that_the_hub_knows_is_kept_where_the_command_line_keeps_it_and_forgotten_again()
    {
        var file = new HubTokenFile(_home["token"]);
        using var account = Account(file);
        Assert.False((await account.LookAsync(Token)).HasToken);
        Assert.Contains("That is no token", await account.SignInAsync("two words", Token), StringComparison.Ordinal);
        Assert.Contains("does not know this token", await account.SignInAsync("hf_wrong", Token), StringComparison.Ordinal);
        Assert.Null(file.Read());
        Assert.Null(await account.SignInAsync(" hf_right\n", Token));
        Assert.Equal("hf_right", file.Read());
        var state = await account.LookAsync(Token);
        Assert.Equal(("ada", "read", null), (state.Name, state.Role, state.Fault));
        Assert.DoesNotContain("hf_right", state.ToString(), StringComparison.Ordinal);
        Assert.Null(await account.SignOutAsync(Token));
        Assert.False((await account.LookAsync(Token)).HasToken);
    }

    [Fact]
    public async Task Offline_the_hub_is_not_asked_and_it_is_said()
    {
        var file = new HubTokenFile(_home["token"]);
        using var account = Account(file, offline: true);
        Assert.Contains("HF_HUB_OFFLINE", await account.SignInAsync("hf_right", Token), StringComparison.Ordinal);
        file.Save("hf_right");
        Assert.Contains("HF_HUB_OFFLINE", (await account.LookAsync(Token)).Fault, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_cannot_be_written_is_named()
    {
        _home.Write("in-the-way", []);
        using var account = Account(new HubTokenFile(_home["in-the-way", "token"]));
        Assert.Contains("HF_TOKEN_PATH", await account.SignInAsync("hf_right", Token), StringComparison.Ordinal);
    }

    private LocalHubAccount Account(HubTokenFile file, bool offline = false) => new(
        new ModelStoreOptions { CacheDirectory = _home["hub"], Endpoint = new Uri("https://hub.example"), TokenFile = file, Offline = offline },
        file, fromEnvironment: false, new HttpMessageInvoker(new Hub()), TimeProvider.System);

    private sealed class Hub : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => Task.FromResult(request.Headers.Authorization?.Parameter == "hf_right"
            ? new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent("""{"name":"ada","auth":{"accessToken":{"role":"read"}}}""", Encoding.UTF8, "application/json") }
            : new HttpResponseMessage(HttpStatusCode.Unauthorized) { Content = new StringContent("{}", Encoding.UTF8, "application/json") });
    }
}
