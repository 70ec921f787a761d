using System.Globalization;
using Slipway.Api.LocalEngines;
using Slipway.Api.Meta;
using Slipway.Models.Store;
using Slipway.Runtimes.Local.Engines;
using Slipway.Runtimes.Local.Hosting;

namespace Slipway.Operator.LocalEngines;

/// <summary>Puts what is known of a LocalEngine into its status. Pure.</summary>
internal static class LocalStatusWriter
{
    private const string EngineReady = "EngineReady";
    private const string ModelReady = "ModelReady";
    private const string Accepted = "Accepted";
    private const string Ready = "Ready";

    public static LocalEngineStatus Write(LocalEngine engine, PreparationState prepared, string? refused, EngineSnapshot? running, DateTimeOffset now)
    {
        var conditions = new ConditionSet(engine.Status?.Conditions, engine.Metadata.Generation, now);
        var replicas = running?.Replicas.Select(Replica).ToList() ?? [];
        var ready = replicas.Count(r => r.State == nameof(ReplicaState.Ready));
        var desired = engine.Spec.Replicas ?? 1;

        Engine(prepared, conditions);
        Model(prepared, conditions);
        if (refused is not null) conditions.False(Accepted, "ArgumentRefused", refused);
        else conditions.Remove(Accepted);
        var waiting = conditions.Conditions.FirstOrDefault(c => c is { Type: EngineReady or ModelReady or Accepted, Status: not ConditionStatus.True });
        var message = waiting?.Message ?? Running(replicas, ready, desired);
        if (ready >= desired && desired > 0) conditions.True(Ready, "Serving", message);
        else conditions.False(Ready, waiting?.Reason ?? (desired == 0 ? "ScaledToZero" : "Starting"), message);

        return new LocalEngineStatus
        {
            ObservedGeneration = engine.Metadata.Generation,
            ReadyReplicas = ready,
            Message = message,
            Replicas = replicas,
            Download = Download(prepared.Download),
            ModelFile = prepared.Model is ModelResolution.Resolved model
                ? new LocalModelFile { Path = model.Path, Bytes = model.Bytes, Revision = model.Revision, Origin = model.Origin.ToString() }
                : null,
            Engine = prepared.Engine is EngineResolution.Found found ? $"llama-server {found.Command.Version} ({found.Command.Source})" : null,
            Conditions = conditions.Conditions,
        };
    }

    private static void Engine(PreparationState prepared, ConditionSet conditions)
    {
        switch (prepared)
        {
            case { Engine: EngineResolution.Found found }:
                conditions.True(EngineReady, "Found", $"llama-server {found.Command.Version} from {found.Command.Source}");
                break;
            case { Engine: EngineResolution.Unavailable missing }:
                conditions.False(EngineReady, "EngineUnavailable", missing.Message);
                break;
            case { Installing: { } step }:
                conditions.False(EngineReady, "Installing", $"Installing llama-server: {step.Step} ({step.Fraction:P0})");
                break;
            default:
                conditions.Set(EngineReady, ConditionStatus.Unknown, "Looking", "Looking for llama-server");
                break;
        }
    }

    private static void Model(PreparationState prepared, ConditionSet conditions)
    {
        switch (prepared)
        {
            case { Model: ModelResolution.Resolved model }:
                conditions.True(ModelReady, "AtHand", $"{Path.GetFileName(model.Path)}, {Size(model.Bytes)}, from {From(model)}");
                break;
            case { Model: ModelResolution.Failed { Error: { Retryable: true } error } }:
                conditions.False(ModelReady, "Retrying", $"{error.Message} ({error.Kind}; trying again)");
                break;
            case { Model: ModelResolution.Failed { Error: var error } }:
                conditions.False(ModelReady, error.Kind.ToString(), error.Message);
                break;
            case { Download: { } download }:
                conditions.False(ModelReady, "Downloading", Progress(download));
                break;
            default:
                conditions.Set(ModelReady, ConditionStatus.Unknown, "Resolving", "Looking for the model's files");
                break;
        }
    }

    private static string Running(List<LocalReplica> replicas, int ready, int desired)
    {
        if (desired == 0) return "Stopped on request";
        if (ready >= desired) return ready == 1 ? "The model answers" : $"{ready} replicas answer";
        var troubled = replicas.Find(r => r.State == nameof(ReplicaState.Backoff));
        if (troubled is not null) return troubled.Message ?? "The engine stopped; it is started again";
        var loading = replicas.Exists(r => r.State == nameof(ReplicaState.Loading));
        return ready > 0 ? $"{ready} of {desired} replicas answer" : loading ? "Loading the model" : "Starting the engine";
    }

    private static LocalReplica Replica(ReplicaSnapshot replica) => new()
    {
        Index = replica.Index,
        State = replica.State.ToString(),
        Port = replica.Port > 0 ? replica.Port : null,
        Pid = replica.Pid,
        Restarts = replica.RestartCount,
        Message = replica.Message,
    };

    private static LocalDownload? Download(DownloadProgress? progress) => progress is null ? null : new LocalDownload
    {
        File = progress.File,
        BytesDone = progress.BytesDone,
        BytesTotal = progress.BytesTotal,
        BytesPerSecond = (long)progress.BytesPerSecond,
    };

    private static string Progress(DownloadProgress download)
    {
        var left = download.BytesPerSecond > 0 ? TimeSpan.FromSeconds((download.BytesTotal - download.BytesDone) / download.BytesPerSecond) : (TimeSpan?)null;
        var eta = left is { } time ? $", {(time.TotalMinutes >= 1 ? $"{time.TotalMinutes:0} min" : $"{time.TotalSeconds:0} s")} left" : "";
        return $"Downloading {download.File}: {Size(download.BytesDone)} of {Size(download.BytesTotal)}{eta}";
    }

    private static string From(ModelResolution.Resolved model) => model.Origin switch
    {
        ModelOrigin.Local => "the local store",
        ModelOrigin.Cache => $"this machine's cache{At(model)}",
        _ => $"the hub{At(model)}",
    };

    private static string At(ModelResolution.Resolved model) => model.Revision is { Length: >= 8 } commit ? $" at {commit[..8]}" : "";

    private static string Size(long bytes) => bytes switch
    {
        >= 1_000_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e9:0.0} GB"),
        >= 1_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0.0} MB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e3:0} kB"),
    };
}
