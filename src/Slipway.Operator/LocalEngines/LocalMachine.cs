using Slipway.Models.Store;
using Slipway.Runtimes.Local.Engines;
using Slipway.Runtimes.Local.Hosting;

namespace Slipway.Operator.LocalEngines;

/// <summary>What this machine has to run models with.</summary>
/// <param name="Models">Where weights come from.</param>
/// <param name="Locator">Finds the engine.</param>
/// <param name="Installer">Installs the engine.</param>
/// <param name="Host">Runs the processes.</param>
/// <param name="LogDirectory">Where their output goes.</param>
/// <param name="InstallsEngine">Whether a missing engine is installed without asking.</param>
public sealed record LocalMachine(
    ModelStore Models, EngineLocator Locator, EngineInstaller Installer, LocalEngineHost Host, string LogDirectory, bool InstallsEngine) : IAsyncDisposable
{
    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        Locator.Dispose();
        Models.Dispose();
    }
}
