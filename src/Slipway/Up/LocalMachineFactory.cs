using Slipway.Models.Store;
using Slipway.Operator.LocalEngines;
using Slipway.Runtimes.Local.Engines;
using Slipway.Runtimes.Local.Hosting;

namespace Slipway.Up;

/// <summary>Puts together what this machine runs models with.</summary>
internal static class LocalMachineFactory
{
    public static LocalMachine Create(DataDirectory data, TimeProvider time, ILoggerFactory loggers)
    {
        var locator = Locator(data, time, loggers);
        return new LocalMachine(
            new ModelStore(Models(data, time), loggers.CreateLogger<ModelStore>()),
            locator,
            new EngineInstaller(locator),
            new LocalEngineHost(new LocalEngineHostOptions { DataDirectory = data.Path, Time = time }, loggers.CreateLogger<LocalEngineHost>()),
            data.Logs,
            InstallsEngine: true);
    }

    /// <summary>Where models are looked for: the user's own first, then those that come with Slipway, then the hub.</summary>
    public static ModelStoreOptions Models(DataDirectory data, TimeProvider time) => ModelStoreOptions.FromEnvironment(Environment.GetEnvironmentVariable) with
    {
        LocalDirectories = [data.Models, Bundled()],
        Time = time,
    };

    public static EngineLocator Locator(DataDirectory data, TimeProvider time, ILoggerFactory loggers) =>
        new(new LocalEngineOptions { DataDirectory = data.Path, Time = time }, loggers.CreateLogger<EngineLocator>());

    /// <summary>The models that come with Slipway: beside the program, or in the repository that it was built from.</summary>
    private static string Bundled() => Path.Combine(
        Environment.GetEnvironmentVariable("SLIPWAY_HOME") is { Length: > 0 } home ? home : AppContext.BaseDirectory, "models");
}
