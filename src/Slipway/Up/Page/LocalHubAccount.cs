using Slipway.Models.Hub.SignIn;
using Slipway.Models.Store;
using Slipway.Web.Settings.Account;

namespace Slipway.Up.Page;

/// <summary>Who this machine is at the hub, with the token that <c>slipway hub login</c> keeps.</summary>
/// <param name="models">Where the hub is.</param>
/// <param name="file">Where the token is kept.</param>
/// <param name="fromEnvironment">Whether <c>HF_TOKEN</c> goes before it.</param>
/// <param name="http">Sends the requests; redirects must not be followed.</param>
/// <param name="time">The clock.</param>
internal sealed class LocalHubAccount(ModelStoreOptions models, HubTokenFile file, bool fromEnvironment, HttpMessageInvoker http, TimeProvider time) : IHubAccount, IDisposable
{
    private const string Offline = "HF_HUB_OFFLINE is set, so the hub is not asked. Start Slipway without it to sign in.";

    private readonly HubSignIn _hub = new(models.Endpoint, http, time);

    public bool IsMine => true;

    public static LocalHubAccount FromEnvironment(ModelStoreOptions models, TimeProvider time) => new(
        models, HubTokenFile.FromEnvironment(Environment.GetEnvironmentVariable), Environment.GetEnvironmentVariable("HF_TOKEN") is { Length: > 0 },
        new HttpMessageInvoker(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, ConnectTimeout = TimeSpan.FromSeconds(10) }), time);

    public void Dispose() => http.Dispose();

    public async Task<HubAccountState> LookAsync(CancellationToken cancellationToken)
    {
        var nobody = new HubAccountState(null, null, null, fromEnvironment, new Uri(models.Endpoint, "/settings/tokens"));
        if (models.Token is not { } token) return nobody;
        if (models.Offline) return nobody with { Fault = Offline };
        var answer = await _hub.WhoAsync(token, cancellationToken);
        return answer.TryGet(out var who, out var error) ? nobody with { Name = who.Name, Role = who.Role } : nobody with { Fault = error.Message };
    }

    public async Task<string?> SignInAsync(string token, CancellationToken cancellationToken)
    {
        token = token.Trim();
        if (!HubTokenFile.IsToken(token)) return $"That is no token. Make one at {new Uri(models.Endpoint, "/settings/tokens")} and paste all of it.";
        if (models.Offline) return Offline;
        var answer = await _hub.WhoAsync(token, cancellationToken);
        if (!answer.TryGet(out _, out var error)) return error.Message;
        return Try(() => file.Save(token), "kept");
    }

    public Task<string?> SignOutAsync(CancellationToken cancellationToken) => Task.FromResult(Try(() => file.Delete(), "deleted"));

    private string? Try(Action change, string what)
    {
        try
        {
            change();
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"The token cannot be {what} in {file.Path}: {e.Message}. Name another file with HF_TOKEN_PATH.";
        }
    }
}
