using Slipway.Models.Hub.SignIn;

namespace Slipway.Models.Store;

/// <summary>Settings of a <see cref="ModelStore"/>.</summary>
public sealed record ModelStoreOptions
{
    /// <summary>Root of the hub cache, shared with other Hugging Face tools (<c>HF_HUB_CACHE</c>).</summary>
    public required string CacheDirectory { get; init; }

    /// <summary>Roots that hold <c>&lt;organisation&gt;/&lt;name&gt;/*.gguf</c>, asked first, in order.</summary>
    public IReadOnlyList<string> LocalDirectories { get; init; } = [];

    /// <summary>The hub (<c>HF_ENDPOINT</c>).</summary>
    /// <value>The default value is <c>https://huggingface.co</c>.</value>
    public Uri Endpoint { get; init; } = new("https://huggingface.co");

    /// <summary>Token for requests that bring none (<c>HF_TOKEN</c>); where none was given, what <see cref="TokenFile"/> holds at the time of asking.</summary>
    public string? Token
    {
        get => field ?? TokenFile?.Read();
        init;
    }

    /// <summary>Where a sign-in keeps its token, read at every request, so that one who signs in or out need not start anything anew; null for nowhere.</summary>
    public HubTokenFile? TokenFile { get; init; }

    /// <summary>Whether the hub is never asked (<c>HF_HUB_OFFLINE=1</c>).</summary>
    public bool Offline { get; init; }

    /// <summary>How often a request or a broken download is tried again without progress before the store gives up.</summary>
    /// <value>The default value is 4, which with doubling waits from <see cref="RetryDelay"/> takes 15 seconds.</value>
    public int MaxRetries { get; init; } = 4;

    /// <summary>Wait before the first retry; it doubles each time.</summary>
    /// <value>The default value is 1 second.</value>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Longest <c>Retry-After</c> that a call waits out by itself; a longer one is returned as <see cref="ModelErrorKind.RateLimited"/>.</summary>
    /// <value>The default value is 10 seconds.</value>
    public TimeSpan MaxRateLimitWait { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long the hub may stay silent before the connection counts as dropped.</summary>
    /// <value>The default value is 30 seconds.</value>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Clock of all waits.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Free bytes of the disk that holds a directory; replaced in tests.</summary>
    public Func<string, long> FreeBytes { get; init; } = static directory => new DriveInfo(directory).AvailableFreeSpace;

    /// <summary>Settings as other Hugging Face tools read them from the environment.</summary>
    /// <param name="variable">Reads an environment variable; null when it is not set.</param>
    /// <remarks>Names and defaults: <see href="https://huggingface.co/docs/huggingface_hub/package_reference/environment_variables"/>.</remarks>
    /// <exception cref="UriFormatException"><c>HF_ENDPOINT</c> is not an absolute address.</exception>
    public static ModelStoreOptions FromEnvironment(Func<string, string?> variable)
    {
        ArgumentNullException.ThrowIfNull(variable);
        string? Get(string name) => variable(name) is { Length: > 0 } value ? value : null;
        var user = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        var home = Get("HF_HOME") ?? Path.Combine(Get("XDG_CACHE_HOME") ?? Path.Combine(user, ".cache"), "huggingface");
        var defaults = new ModelStoreOptions { CacheDirectory = Get("HF_HUB_CACHE") ?? Path.Combine(home, "hub") };
        return defaults with
        {
            Endpoint = Get("HF_ENDPOINT") is { } endpoint ? new Uri(endpoint, UriKind.Absolute) : defaults.Endpoint,
            Token = Get("HF_TOKEN"),
            TokenFile = HubTokenFile.FromEnvironment(variable),
            Offline = Get("HF_HUB_OFFLINE")?.ToUpperInvariant() is "1" or "ON" or "YES" or "TRUE",
        };
    }

    /// <summary>The same for somebody who is not to act with the token of this machine's user.</summary>
    public ModelStoreOptions WithoutToken() => this with { Token = null, TokenFile = null };

    /// <summary>The settings without the token.</summary>
    public override string ToString() => $"cache {CacheDirectory}, hub {Endpoint}, token {(Token is null ? "none" : "set")}";
}
