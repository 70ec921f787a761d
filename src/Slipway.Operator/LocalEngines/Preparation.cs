using Slipway.Api.LocalEngines;
using Slipway.Models.Store;
using Slipway.Runtimes.Local.Engines;

namespace Slipway.Operator.LocalEngines;

/// <summary>How far the work before a process can start is.</summary>
/// <param name="Engine">The engine, or why there is none; absent while it is looked for.</param>
/// <param name="Installing">How far its installation is.</param>
/// <param name="Model">The weights, or why there are none; absent while they are looked for.</param>
/// <param name="Download">How far their download is.</param>
internal sealed record PreparationState(
    EngineResolution? Engine, InstallProgress? Installing, ModelResolution? Model, DownloadProgress? Download)
{
    public static PreparationState Begun { get; } = new(null, null, null, null);
}

/// <summary>Gets engine and weights for one LocalEngine, in the background, and says how far it is.</summary>
internal sealed class Preparation : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Action _changed;
    private readonly Task _run;
    private PreparationState _state = PreparationState.Begun;

    private Preparation(LocalModel model, string? token, LocalMachine machine, Action changed)
    {
        Model = model;
        Token = token;
        _changed = changed;
        _run = Task.Run(() => RunAsync(machine));
    }

    /// <summary>The model that this is for.</summary>
    public LocalModel Model { get; }

    /// <summary>The token that it asks with.</summary>
    public string? Token { get; }

    public PreparationState State => Volatile.Read(ref _state);

    /// <summary>When to try again, after a failure.</summary>
    public DateTimeOffset? RetryAt { get; set; }

    public bool IsOver => _run.IsCompleted;

    public static Preparation Begin(LocalModel model, string? token, LocalMachine machine, Action changed) => new(model, token, machine, changed);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _run.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private Task RunAsync(LocalMachine machine) => Task.WhenAll(EngineAsync(machine), ModelAsync(machine));

    private async Task EngineAsync(LocalMachine machine)
    {
        var found = await machine.Locator.FindAsync(_stop.Token);
        if (found is EngineResolution.Unavailable && machine.InstallsEngine)
            found = await machine.Installer.InstallAsync(new Report<InstallProgress>(p => Update(s => s with { Installing = p })), _stop.Token);
        Update(s => s with { Engine = found, Installing = null });
    }

    private async Task ModelAsync(LocalMachine machine)
    {
        var request = new ModelRequest(Model.Id) { Revision = Model.Revision, Quantization = Model.Quantization, File = Model.File, Token = Token };
        var resolved = await machine.Models.ResolveAsync(request, new Report<DownloadProgress>(p => Update(s => s with { Download = p })), _stop.Token);
        Update(s => s with { Model = resolved, Download = null });
    }

    private void Update(Func<PreparationState, PreparationState> change)
    {
        PreparationState before, after;
        do
        {
            before = State;
            after = change(before);
        }
        while (Interlocked.CompareExchange(ref _state, after, before) != before);

        _changed();
    }

    // Progress<T> would hop to the thread pool and may report out of order.
    private sealed class Report<T>(Action<T> report) : IProgress<T>
    {
        void IProgress<T>.Report(T value) => report(value);
    }
}
