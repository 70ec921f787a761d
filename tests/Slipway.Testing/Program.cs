using Slipway.Runtimes.Local.Hosting;
using Slipway.Testing;

// A process that hosts an engine until it is killed: dotnet Slipway.Testing.dll host-engine DATA MODEL
// It prints "ready PID PORT" when the engine serves. It never ends by itself.
if (args is not ["host-engine", var data, var model])
{
    await Console.Error.WriteLineAsync("Usage: host-engine DATA-DIRECTORY MODEL-FILE");
    return 2;
}

await using var host = new LocalEngineHost(new LocalEngineHostOptions { DataDirectory = data });
host.Changed += static (_, change) =>
{
    foreach (var replica in change.Snapshot.Replicas.Where(static r => r.State == ReplicaState.Ready)) Console.Out.WriteLine($"ready {replica.Pid} {replica.Port}");
};
await host.EnsureAsync(
    new EngineSpec
    {
        Name = "hosted",
        Command = await Tools.EngineAsync(),
        ModelPath = model,
        ServedName = "hosted",
        LogDirectory = Path.Combine(data, "logs"),
    },
    1,
    CancellationToken.None);
await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System);
return 0;
