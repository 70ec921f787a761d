using System.Collections.Concurrent;
using Slipway.Runtimes.Local.Commands;
using Slipway.Runtimes.Local.Debian;
using Slipway.Runtimes.Local.Engines;

namespace Slipway.Testing;

/// <summary>How to start a tool that a test needs.</summary>
/// <param name="Path">The program.</param>
/// <param name="LeadingArguments">Arguments that come before the tool's own.</param>
/// <param name="Environment">Variables that the tool needs.</param>
public sealed record Tool(string Path, IReadOnlyList<string> LeadingArguments, IReadOnlyDictionary<string, string> Environment)
{
    public Task<CommandResult> RunAsync(IEnumerable<string> arguments, CancellationToken cancellationToken = default) =>
        Command.RunAsync(Path, [.. LeadingArguments, .. arguments], Environment, cancellationToken: cancellationToken);
}

/// <summary>Tools for tests: found on PATH, or obtained once into <c>artifacts/tools</c>. What cannot be had fails the test with the reason.</summary>
public static class Tools
{
    private static readonly ConcurrentDictionary<string, Lazy<Task<Tool>>> s_tools = new(StringComparer.Ordinal);
    private static readonly Dictionary<string, string> s_nothing = [];

    /// <summary>Root of the repository.</summary>
    public static string RepositoryRoot { get; } = FindRoot();

    /// <summary>Folder of everything obtained for tests; removing it costs a download, no more.</summary>
    public static string Folder { get; } = Path.Combine(RepositoryRoot, "artifacts", "tools");

    /// <summary>An engine that starts, found or installed as <c>slipway engine install</c> does.</summary>
    public static async Task<EngineCommand> EngineAsync()
    {
        using var locator = new EngineLocator(new LocalEngineOptions { DataDirectory = Folder });
        return await new EngineInstaller(locator).InstallAsync(progress: null, CancellationToken.None) switch
        {
            EngineResolution.Found { Command: var command } => command,
            EngineResolution.Unavailable { Message: var message } => throw new InvalidOperationException(message),
            _ => throw new InvalidOperationException(),
        };
    }

    /// <summary>llama-server.</summary>
    public static Task<Tool> LlamaServerAsync() => OnceAsync("llama-server", static async () =>
    {
        var engine = await EngineAsync();
        return new Tool(engine.Path, engine.LeadingArguments, engine.Environment);
    });

    /// <summary>kubectl, 1.32 or newer where it had to be obtained.</summary>
    public static Task<Tool> KubectlAsync() => OnceAsync("kubectl", static () => FindOrFetchNewerAsync("kubectl", "kubectl", "usr/bin/kubectl"));

    /// <summary>The newest kubectl that the distribution's newer suites have: 1.36 or later.</summary>
    public static Task<Tool> NewestKubectlAsync() => OnceAsync("newest kubectl", static () => FetchNewerAsync("kubectl-newest", "kubectl", "usr/bin/kubectl"));

    /// <summary>Python with the Kubernetes client in it, both from the same newer suite of the distribution.</summary>
    public static Task<Tool> PythonAsync() => OnceAsync("python", static async () =>
    {
        var python = await FetchNewerAsync("python3-kubernetes", "python3-kubernetes", "usr/bin/python3");
        var home = Path.Combine(Folder, "python3-kubernetes", "usr");
        return python with { Environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["PYTHONHOME"] = home, ["PYTHONPATH"] = Path.Combine(home, "lib", "python3", "dist-packages") } };
    });

    /// <summary>Node.js.</summary>
    public static Task<Tool> NodeAsync() => OnceAsync("node", static () => FindOrFetchNewerAsync("node", "nodejs", "usr/bin/node"));

    /// <summary>Chromium, headless-capable; from the machine's own release, because it starts itself again and so needs the system's loader.</summary>
    public static Task<Tool> ChromiumAsync() => OnceAsync("chromium", static async () =>
    {
        foreach (var name in new[] { "chromium", "chromium-browser", "google-chrome", "google-chrome-stable" })
        {
            if (OnPath(name) is { } found) return found;
        }

        return await FetchChromiumAsync();
    });

    /// <summary>A folder with npm packages, installed once for each set.</summary>
    /// <param name="name">Name of the set; the folder is <c>artifacts/tools/npm/NAME</c>.</param>
    /// <param name="packages">Packages with exact versions, for example <c>openai@6.1.0</c>.</param>
    public static async Task<string> NpmAsync(string name, params string[] packages)
    {
        await NodeAsync();
        var npm = OnPath("npm") ?? throw new InvalidOperationException("Tests need npm: install Node.js with npm and run them again.");
        var folder = Path.Combine(Folder, "npm", name);
        using var exclusive = await FileLock.TakeAsync(folder + ".lock", TimeProvider.System, CancellationToken.None);
        var done = Path.Combine(folder, "installed.txt");
        var wanted = string.Join('\n', packages);
        if (File.Exists(done) && await File.ReadAllTextAsync(done) == wanted) return folder;
        Directory.CreateDirectory(folder);
        await File.WriteAllTextAsync(Path.Combine(folder, "package.json"), """{ "private": true, "type": "module" }""");
        var result = await npm.RunAsync(["install", "--prefix", folder, "--no-audit", "--no-fund", "--save-exact", .. packages]);
        if (!result.Succeeded) throw new InvalidOperationException($"'npm install {string.Join(' ', packages)}' failed: {result.LastWords()}");
        await File.WriteAllTextAsync(done, wanted);
        return folder;
    }

    private static Task<Tool> OnceAsync(string name, Func<Task<Tool>> make) => s_tools.GetOrAdd(name, _ => new Lazy<Task<Tool>>(make)).Value;

    private static Tool? OnPath(string name) =>
        Command.Find(name, Environment.GetEnvironmentVariable("PATH")) is { } path ? new Tool(path, [], s_nothing) : null;

    private static async Task<Tool> FindOrFetchNewerAsync(string name, string package, string program)
    {
        return OnPath(name) ?? await FetchNewerAsync(name, package, program);
    }

    private static async Task<Tool> FetchNewerAsync(string name, string package, string program)
    {
        var prefix = await FetchAsync(name, program, fetcher => (folder => fetcher.FetchNewerAsync([package], folder, null, CancellationToken.None)));
        var (path, leading) = DebianPrefix.Start(prefix, program) ?? throw new InvalidOperationException($"{package} has no {program}.");
        return new Tool(path, leading, s_nothing);
    }

    private static async Task<Tool> FetchChromiumAsync()
    {
        const string Program = "usr/lib/chromium/chromium";
        var prefix = await FetchAsync("chromium", Program, fetcher => (folder => fetcher.FetchOwnAsync(["chromium", "fonts-liberation"], folder, null, CancellationToken.None)));
        var libraries = Directory.EnumerateDirectories(Path.Combine(prefix, "usr", "lib"), "*-linux-gnu*")
            .Concat(Directory.Exists(Path.Combine(prefix, "lib")) ? Directory.EnumerateDirectories(Path.Combine(prefix, "lib"), "*-linux-gnu*") : [])
            // The C library stays the system's: a program started by the system's loader cannot use another one.
            .ToList();
        foreach (var file in libraries.SelectMany(static d => Directory.EnumerateFiles(d)).Where(static f => IsOfTheLoader(Path.GetFileName(f)))) File.Delete(file);
        return new Tool(Path.Combine(prefix, Program), ["--no-sandbox"], new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["LD_LIBRARY_PATH"] = string.Join(':', libraries.SelectMany(static d => new[] { d }.Concat(Directory.EnumerateDirectories(d)))),
            ["XDG_DATA_DIRS"] = Path.Combine(prefix, "usr", "share"),
        });
    }

    private static bool IsOfTheLoader(string name) =>
        name.StartsWith("ld-linux", StringComparison.Ordinal)
        || new[] { "libc.so", "libm.so", "libdl.so", "libpthread.so", "librt.so", "libresolv.so", "libutil.so" }.Any(l => name.StartsWith(l, StringComparison.Ordinal));

    /// <summary>Unpacks once, in a folder that appears whole; processes of a parallel test run wait for the first.</summary>
    private static async Task<string> FetchAsync(string name, string program, Func<DebianFetcher, Func<string, Task<FetchResult>>> fetch)
    {
        var prefix = Path.Combine(Folder, name);
        using var exclusive = await FileLock.TakeAsync(prefix + ".lock", TimeProvider.System, CancellationToken.None);
        if (File.Exists(Path.Combine(prefix, program))) return prefix;
        var fetcher = DebianFetcher.ForThisMachine()
            ?? throw new InvalidOperationException($"Tests need {name}, which is not on PATH, and this machine has no Debian or Ubuntu packages to take it from. Install it and run them again.");
        var unpacked = $"{prefix}.unpack";
        if (Directory.Exists(unpacked)) Directory.Delete(unpacked, recursive: true);
        var result = await fetch(fetcher)(unpacked);
        if (result.Error is not null) throw new InvalidOperationException($"Tests need {name}, which could not be obtained: {result.Error}");
        if (Directory.Exists(prefix)) Directory.Delete(prefix, recursive: true);
        Directory.Move(unpacked, prefix);
        return prefix;
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "slipway.slnx"))) return folder.FullName;
        }

        throw new InvalidOperationException($"No slipway.slnx above {AppContext.BaseDirectory}: tests run from the repository's own build output.");
    }
}
