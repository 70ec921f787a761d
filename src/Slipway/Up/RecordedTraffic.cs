using Slipway.Gateway.Recording;
using Slipway.Gateway.Recording.Storage;
using Slipway.Operator.Rollouts.Shadowing;

namespace Slipway.Up;

/// <summary>What the gateway of this process has recorded, for rollouts to ask again.</summary>
/// <param name="recordings">Where recordings are.</param>
/// <param name="recording">What is recorded now.</param>
internal sealed class RecordedTraffic(RecorderOptions recordings, GatewayRecording recording) : IRecordedTraffic
{
    /// <inheritdoc/>
    public bool IsAsked(string ns) => recording.Rules.ContainsKey(ns);

    /// <inheritdoc/>
    public IEnumerable<string> Read(string ns) => Recordings.Read(recordings, ns);
}
