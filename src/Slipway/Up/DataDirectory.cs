using System.Text.Json;
using System.Text.Json.Serialization;
using Slipway.Capacity.Cost;
using Slipway.Capacity.Prices.Live;
using Slipway.Gateway.Keys;
using Slipway.Gateway.Recording;
using Slipway.Models.Store;
using Slipway.Operator.Rollouts.Decisions;

namespace Slipway.Up;

/// <summary>Everything that one Slipway on this machine keeps, in one directory.</summary>
internal sealed record DataDirectory(string Path, bool IsDefault)
{
    /// <summary>The kubeconfig that `up` writes.</summary>
    public string Kubeconfig => System.IO.Path.Combine(Path, "kubeconfig");

    /// <summary>The Kubernetes API's state.</summary>
    public string ApiServer => System.IO.Path.Combine(Path, "apiserver");

    /// <summary>Installed engines.</summary>
    public string Engines => System.IO.Path.Combine(Path, "engines");

    /// <summary>The engines' logs.</summary>
    public string Logs => System.IO.Path.Combine(Path, "logs");

    /// <summary>The user's own models: ORGANISATION/NAME/*.gguf.</summary>
    public string Models => System.IO.Path.Combine(Path, "models");

    /// <summary>Prices fetched from the clouds.</summary>
    public PriceStore PriceStore => new(System.IO.Path.Combine(Path, "prices"));

    /// <summary>What the last refreshes of prices came to.</summary>
    public RefreshReports RefreshReports => new(System.IO.Path.Combine(Path, "prices", "refreshes.json"));

    /// <summary>What was spent.</summary>
    public CostHistoryStore CostHistory => new(System.IO.Path.Combine(Path, "costs.csv"));

    /// <summary>The key that decisions about rollouts are signed with.</summary>
    public DecisionKey DecisionKey => new(System.IO.Path.Combine(Path, "keys", "decisions.pem"));

    /// <summary>What was learned about speed.</summary>
    public string LearnedSpeed => System.IO.Path.Combine(Path, "speed.json");

    /// <summary>What both sides of rollouts answered.</summary>
    public string Evidence => System.IO.Path.Combine(Path, "evidence");

    /// <summary>What the gateway recorded, and the key that it is encrypted with.</summary>
    /// <param name="time">The clock.</param>
    public RecorderOptions Recordings(TimeProvider time) =>
        new() { Folder = System.IO.Path.Combine(Path, "recordings"), KeyFile = System.IO.Path.Combine(Path, "keys", "recordings.key"), Time = time };

    /// <summary>The key by which the gateway lets this Slipway itself in, and the commands of its owner: made when first asked for, in a file for its owner alone.</summary>
    public string OwnKey()
    {
        if (ReadOwnKey() is { } known) return known;
        var key = KeyText.New();
        WholeFile.Write(OwnKeyFile, key, mine: true);
        return key;
    }

    /// <summary>That key, where there is one that may be read.</summary>
    public string? ReadOwnKey()
    {
        try
        {
            return File.ReadAllText(OwnKeyFile) is { Length: > 0 } key ? key : null;
        }
        catch (Exception absent) when (absent is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>How to name this directory on the command line: nothing when it is the default one.</summary>
    public string Flag => IsDefault ? "" : $" --data {Path}";

    private string OwnKeyFile => System.IO.Path.Combine(Path, "keys", "gateway");

    private string InstanceFile => System.IO.Path.Combine(Path, "instance.json");

    public static DataDirectory Locate(string? given)
    {
        var fallback = System.IO.Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".slipway");
        var path = given ?? (Environment.GetEnvironmentVariable("SLIPWAY_DATA") is { Length: > 0 } variable ? variable : null);
        return path is null ? new DataDirectory(fallback, true) : new DataDirectory(System.IO.Path.GetFullPath(path), false);
    }

    /// <summary>What the Slipway that runs, or ran last, on this directory said of itself.</summary>
    public Instance? ReadInstance()
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(InstanceFile), InstanceJson.Default.Instance);
        }
        catch (Exception absent) when (absent is IOException or JsonException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    public void WriteInstance(Instance instance) => WholeFile.Write(InstanceFile, JsonSerializer.SerializeToUtf8Bytes(instance, InstanceJson.Default.Instance));
}

/// <summary>A Slipway that runs, or ran last, on a data directory.</summary>
internal sealed record Instance(int ProcessId, Uri Api, Uri Gateway, Uri Web);

[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(Instance))]
internal sealed partial class InstanceJson : JsonSerializerContext;
