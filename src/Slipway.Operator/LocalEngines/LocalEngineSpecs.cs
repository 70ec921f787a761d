using Slipway.Api.LocalEngines;
using Slipway.Models.Store;
using Slipway.Runtimes.Local.Engines;
using Slipway.Runtimes.Local.Hosting;

namespace Slipway.Operator.LocalEngines;

/// <summary>What the process host needs to know of a LocalEngine.</summary>
internal static class LocalEngineSpecs
{
    public static EngineSpec Of(LocalEngine engine, string name, EngineCommand command, ModelResolution.Resolved model, string logDirectory) => new()
    {
        Name = name,
        Command = command,
        ModelPath = model.Path,
        ServedName = engine.Spec.ServedName,
        ContextLength = engine.Spec.ContextLength,
        Threads = engine.Spec.Threads,
        UsualThreads = Math.Max(1, Environment.ProcessorCount / Math.Max(1, engine.Spec.Replicas ?? 1)),
        Args = engine.Spec.Args ?? new Dictionary<string, string>(),
        ExtraArgs = engine.Spec.ExtraArgs ?? [],
        Env = (engine.Spec.Env ?? []).ToDictionary(e => e.Name, e => e.Value ?? "", StringComparer.Ordinal),
        Restart = engine.Spec.RestartedAt,
        LogDirectory = logDirectory,
    };
}
