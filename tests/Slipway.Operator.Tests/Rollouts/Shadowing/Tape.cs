using System.Text.Json.Nodes;
using Slipway.Api.Meta;
using Slipway.Api.Rollouts;
using Slipway.Operator.Rollouts.Shadowing;

namespace Slipway.Operator.Tests.Rollouts.Shadowing;

/// <summary>Recordings of a test.</summary>
internal sealed class Tape : IRecordedTraffic
{
    private int _number;

    /// <summary>Nobody to be asked beside the candidate.</summary>
    public static ShadowServices Nobody { get; } = new(static _ => null, static _ => throw new InvalidOperationException(), static _ => throw new InvalidOperationException(), []);

    public List<string> Lines { get; } = [];

    public bool Asked { get; set; } = true;

    public bool IsAsked(string ns) => Asked;

    public IEnumerable<string> Read(string ns) => Lines;

    public string Add(string question, string answer, string? session = null, string deployment = "default/m", Action<JsonObject>? change = null)
    {
        var id = $"r{_number++:D4}";
        var line = new JsonObject
        {
            ["id"] = id,
            ["deployment"] = deployment,
            ["url"] = "/v1/chat/completions",
            ["session"] = session,
            ["request"] = new JsonObject { ["model"] = "m", ["temperature"] = 0.3, ["stream"] = false, ["messages"] = new JsonArray(new JsonObject { ["role"] = "user", ["content"] = question }) },
            ["response"] = new JsonObject { ["choices"] = new JsonArray(new JsonObject { ["message"] = new JsonObject { ["role"] = "assistant", ["content"] = answer }, ["finish_reason"] = "stop" }) },
        };
        change?.Invoke(line);
        Lines.Add(line.ToJsonString());
        return id;
    }

    public static Tape Of(int requests)
    {
        var tape = new Tape();
        for (var i = 0; i < requests; i++) tape.Add($"question {i}", "!");
        return tape;
    }

    public static ModelRollout Rollout(ShadowStep step, IReadOnlyList<LatencyLimit>? latency = null) => new()
    {
        Metadata = new ObjectMeta { Name = "r", Namespace = "default", Uid = "uid", Generation = 1 },
        Spec = new ModelRolloutSpec { DeploymentRef = new LocalReference { Name = "m" }, Candidate = System.Text.Json.JsonDocument.Parse("""{"model":{"id":"org/better"}}""").RootElement, Steps = [new RolloutStep { Shadow = step }], Latency = latency },
    };
}
