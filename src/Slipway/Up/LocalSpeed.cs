using System.Collections.Concurrent;
using Slipway.Api.ModelDeployments;
using Slipway.Capacity.Accelerators;
using Slipway.Capacity.Inventory.Local;
using Slipway.Capacity.Learning;
using Slipway.Gateway.Records;
using Slipway.Models.Memory;
using Slipway.Models.Profiles;
using Slipway.Models.Speed.Learning;
using Slipway.Models.Store;
using Slipway.Runtimes.Local;

namespace Slipway.Up;

/// <summary>
/// How fast the models of this machine are, as the gateway timed them: llama.cpp's own metrics tell no number of requests, so that they do not say under which load it was that fast.
/// </summary>
/// <param name="deployments">The deployments.</param>
/// <param name="store">Tells what models are, where there is an accelerator that estimates know.</param>
internal sealed class LocalSpeed(Func<IEnumerable<ModelDeployment>> deployments, ModelStoreOptions store) : IRequestObserver, IDisposable
{
    /// <summary>The device of a machine without an accelerator.</summary>
    public const string Processors = "cpu";

    // More engines than a machine has are those of deployments that are gone.
    private const int MostEngines = 256;

    private readonly ConcurrentDictionary<(string Deployment, string Engine), Sums> _engines = new();
    private readonly Dictionary<ModelRequest, ModelProfile?> _profiles = [];
    private readonly ModelProfiler _profiler = new(store);

    /// <inheritdoc/>
    public void Began(string deployment, DateTimeOffset at)
    {
        // Only what is through is of interest here.
    }

    /// <inheritdoc/>
    public void Ended(in RequestRecord record)
    {
        if (record is not { Outcome: RequestOutcome.Ok, Deployment: { } deployment, Engine: { } engine, TokensIn: { } prompt, TokensOut: { } output }) return;
        if (!_engines.TryGetValue((deployment, engine), out var sums))
        {
            if (_engines.Count >= MostEngines) return;
            sums = _engines.GetOrAdd((deployment, engine), static _ => new Sums());
        }

        lock (sums)
        {
            sums.Counters = sums.Counters.Plus(new EngineCounters
            {
                Requests = 1,
                RequestSeconds = record.Duration.TotalSeconds,
                PromptTokens = prompt,
                OutputTokens = output,
                FirstTokens = record.TimeToFirstToken is null ? 0 : 1,
                FirstTokenSeconds = record.TimeToFirstToken?.TotalSeconds ?? 0,
                Gaps = record.InterToken is null ? 0 : output - 1,
                GapSeconds = record.InterToken is { } gap ? gap.TotalSeconds * (output - 1) : 0,
            });
        }
    }

    /// <summary>What each engine has done since this process began.</summary>
    public async Task<IReadOnlyList<ReplicaLook>> LookAsync(CancellationToken cancellationToken)
    {
        var looks = new List<ReplicaLook>();
        var running = deployments().Where(static d => d.Status?.Provider?.Name == LocalRuntime.Name && d.Spec.Model?.Id is not null).ToDictionary(static d => $"{d.Metadata.Namespace}/{d.Metadata.Name}", StringComparer.Ordinal);
        var device = new LocalMachineReader().Read().Devices.Select(static d => d.Match).OfType<AcceleratorMatch.Known>().FirstOrDefault()?.Device;
        foreach (var ((deployment, engine), sums) in _engines)
        {
            if (!running.TryGetValue(deployment, out var found))
            {
                _engines.TryRemove((deployment, engine), out _);
                continue;
            }

            var model = found.Spec.Model!;
            var subject = new SpeedSubject(model.Id!, model.Quantization, new EngineSettings { Engine = ServingEngine.LlamaCpp }, device?.Key ?? Processors, Layout.Single)
            {
                Accelerator = device,
                Profile = device is null ? null : await ProfileAsync(new ModelRequest(model.Id!) { Revision = model.Revision, Quantization = model.Quantization, File = model.File }, cancellationToken),
            };
            lock (sums) looks.Add(new ReplicaLook($"{deployment} {engine}", subject, sums.Counters));
        }

        return looks;
    }

    public void Dispose() => _profiler.Dispose();

    // Of a model that runs, the files are here.
    private async Task<ModelProfile?> ProfileAsync(ModelRequest request, CancellationToken cancellationToken)
    {
        if (_profiles.TryGetValue(request, out var known)) return known;
        return _profiles[request] = await _profiler.ProfileAsync(request, cancellationToken) is ProfileResult.Read { Profile: var read } ? read : null;
    }

    private sealed class Sums
    {
        public EngineCounters Counters { get; set; }
    }
}
