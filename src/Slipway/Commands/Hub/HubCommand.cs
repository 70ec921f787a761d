using System.CommandLine;
using Slipway.Commands.Models;
using Slipway.Models.Hub;
using Slipway.Models.Hub.SignIn;
using Slipway.Models.Store;
using Slipway.Up;
using Spectre.Console;

namespace Slipway.Commands.Hub;

/// <summary>`slipway hub`: who Slipway is at the Hugging Face Hub.</summary>
internal static class HubCommand
{
    private const string ClientVariable = "SLIPWAY_HF_CLIENT_ID";

    public static Command Create() => new ExampledCommand(
        "hub",
        "Sign in to the Hugging Face Hub, for models whose licence must be accepted first. The token goes where every tool of the hub looks for it.",
        """
          slipway hub login                          # asks for an access token
          slipway hub login --client-id ID           # in the browser, by an OAuth app of your own
          slipway hub login < token.txt
          slipway hub whoami
        """)
    {
        Login(), WhoAmI(), Logout(),
    };

    private static Command Login()
    {
        var client = new Option<string?>("--client-id")
        {
            Description = $"Your public OAuth app at the hub (settings, connected applications, with device flow); the variable {ClientVariable} too. Sign in in the browser with it",
            HelpName = "ID",
        };
        var command = new Command("login", "Sign in: with an access token from standard input or asked for, or in the browser with --client-id") { client };
        command.SetAction((parse, cancellationToken) => ModelOptions.RunAsync(
            async token =>
            {
                using var http = Http();
                var (options, time) = (Options(), TimeProvider.System);
                var hub = new HubSignIn(options.Endpoint, http, time);
                var id = parse.GetValue(client) ?? (Environment.GetEnvironmentVariable(ClientVariable) is { Length: > 0 } set ? set : null);
                var grant = id is not null ? await InBrowserAsync(hub, id, token) : new HubGrant(await AskAsync(options.Endpoint, token), null);
                var who = Of(await hub.WhoAsync(grant.Token, token));
                var file = HubTokenFile.FromEnvironment(Environment.GetEnvironmentVariable);
                Save(file, grant.Token);
                await Console.Error.WriteLineAsync($"Signed in as {who.Name}{(who.Role is { } role ? $" ({role})" : "")}{(grant.ExpiresIn is { } left ? $", for {left.TotalHours:0.#} hours" : "")}. The token is in {file.Path}.");
                if (Environment.GetEnvironmentVariable("HF_TOKEN") is { Length: > 0 }) await Console.Error.WriteLineAsync("HF_TOKEN is set and goes before it: unset it to use this one.");
                return ExitCodes.Ok;
            },
            cancellationToken));
        return command;
    }

    private static Command WhoAmI()
    {
        var command = new Command("whoami", "Say whose token is used");
        command.SetAction((_, cancellationToken) => ModelOptions.RunAsync(
            async token =>
            {
                var options = Options();
                if (options.Token is not { } used) throw new CommandFailure(ExitCodes.NotFound, "Nobody is signed in. Sign in with: slipway hub login");
                using var http = Http();
                var who = Of(await new HubSignIn(options.Endpoint, http, TimeProvider.System).WhoAsync(used, token));
                await Console.Out.WriteLineAsync(who.Name);
                return ExitCodes.Ok;
            },
            cancellationToken));
        return command;
    }

    private static Command Logout()
    {
        var command = new Command("logout", "Forget the token on this machine; the hub's settings revoke it everywhere");
        command.SetAction((_, cancellationToken) => ModelOptions.RunAsync(
            async _ =>
            {
                var file = HubTokenFile.FromEnvironment(Environment.GetEnvironmentVariable);
                await Console.Error.WriteLineAsync(file.Delete() ? $"{file.Path} is gone." : "Nobody was signed in.");
                return ExitCodes.Ok;
            },
            cancellationToken));
        return command;
    }

    private static async Task<HubGrant> InBrowserAsync(HubSignIn hub, string id, CancellationToken cancellationToken)
    {
        var code = Of(await hub.BeginAsync(id, cancellationToken));
        await Console.Error.WriteLineAsync($"Open {code.Complete ?? code.Address} and confirm the code {code.UserCode}. It holds for {code.ExpiresIn.TotalMinutes:0} minutes; Ctrl-C gives up.");
        return Of(await hub.WaitAsync(code, id, cancellationToken));
    }

    private static async Task<string> AskAsync(Uri endpoint, CancellationToken cancellationToken)
    {
        string? token;
        if (Console.IsInputRedirected) token = await Console.In.ReadLineAsync(cancellationToken);
        else
        {
            await Console.Error.WriteLineAsync($"Make an access token that may read at {new Uri(endpoint, "/settings/tokens")}.");
            token = await AnsiConsole.PromptAsync(new TextPrompt<string>("Token:").Secret(null), cancellationToken);
        }

        token = token?.Trim();
        return HubTokenFile.IsToken(token) ? token!
            : throw new CommandFailure(ExitCodes.Failed, $"That is no token. Make one at {new Uri(endpoint, "/settings/tokens")} and give it on one line.");
    }

    private static void Save(HubTokenFile file, string token)
    {
        try
        {
            file.Save(token);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailure(ExitCodes.Failed, $"The token cannot be kept in {file.Path}: {e.Message}. Name another file with HF_TOKEN_PATH.");
        }
    }

    private static T Of<T>(HubAnswer<T> answer)
        where T : class => answer.TryGet(out var value, out var error) ? value : throw new CommandFailure(ExitCodes.Failed, error.Message);

    private static ModelStoreOptions Options() => LocalMachineFactory.Models(DataDirectory.Locate(null), TimeProvider.System);

    private static HttpMessageInvoker Http() => new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, ConnectTimeout = TimeSpan.FromSeconds(10) });
}
