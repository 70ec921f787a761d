using Slipway.Models.Store;

namespace Slipway.Models.Hub.SignIn;

/// <summary>The access token where every tool of the hub looks for it; only its owner may read it.</summary>
/// <param name="path">The file; see <see cref="FromEnvironment"/>.</param>
public sealed class HubTokenFile(string path)
{
    /// <summary>Its path.</summary>
    public string Path => path;

    /// <summary>The file that the environment names: <c>HF_TOKEN_PATH</c>, or <c>token</c> in <c>HF_HOME</c>.</summary>
    /// <param name="variable">Reads an environment variable; null when it is not set.</param>
    /// <remarks><see href="https://huggingface.co/docs/huggingface_hub/package_reference/environment_variables"/>.</remarks>
    public static HubTokenFile FromEnvironment(Func<string, string?> variable)
    {
        ArgumentNullException.ThrowIfNull(variable);
        string? Get(string name) => variable(name) is { Length: > 0 } value ? value : null;
        var user = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        var home = Get("HF_HOME") ?? System.IO.Path.Combine(Get("XDG_CACHE_HOME") ?? System.IO.Path.Combine(user, ".cache"), "huggingface");
        return new(Get("HF_TOKEN_PATH") ?? System.IO.Path.Combine(home, "token"));
    }

    /// <summary>Whether a text can be a token: what else there is in a clipboard is not to be sent to a hub.</summary>
    public static bool IsToken(string? text) => text is { Length: > 0 and < 4096 } && text.All(static c => c is > ' ' and < (char)127);

    /// <summary>Keeps a token in the place of the one before, whole or not at all.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The file cannot be written.</exception>
    public void Save(string token) => WholeFile.Write(path, token, mine: true);

    /// <summary>The token; null when there is none that can be read: a request without one will say what is missing.</summary>
    public string? Read()
    {
        try
        {
            return File.Exists(path) && File.ReadAllText(path).Trim() is { Length: > 0 } token ? token : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Forgets the token.</summary>
    /// <returns>Whether there was one.</returns>
    public bool Delete()
    {
        var was = File.Exists(path);
        if (was) File.Delete(path);
        return was;
    }
}
