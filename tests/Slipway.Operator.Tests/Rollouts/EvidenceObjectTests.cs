using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Api.Meta;
using Slipway.Api.Rollouts;
using Slipway.Operator.Rollouts;
using Slipway.Testing;

namespace Slipway.Operator.Tests.Rollouts;

/// <summary>A gate's graded pairs as an object.</summary>
public sealed class EvidenceObjectTests : IDisposable
{
    private static readonly ModelRollout s_rollout = new()
    {
        Metadata = new ObjectMeta { Name = "r", Namespace = "team", Uid = "u" },
        Spec = new ModelRolloutSpec { DeploymentRef = new LocalReference { Name = "a" }, Candidate = JsonDocument.Parse("{}").RootElement, Steps = [] },
    };

    private readonly TempDirectory _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string File => _folder["team.r.q.jsonl"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task All_pairs_of_this_rollout_and_step_are_in_it_where_there_is_room()
    {
        var noise = new[] { Pair(0, "0", uid: "earlier"), Pair(1, "0", step: 3), """{"rollout":"u","step":0,"un""" };
        await System.IO.File.WriteAllLinesAsync(File, [.. noise, .. Enumerable.Range(0, 50).Select(static i => Pair(i, i % 5 == 0 ? "0" : "1"))], Token);
        var evidence = EvidenceObject.Of(s_rollout, Gate(50), File)!;
        Assert.Equal(("r.q.0", "team", 50, null), (evidence.Metadata.Name, evidence.Metadata.Namespace, evidence.Spec.Pairs, evidence.Spec.LeftOut));
        var pairs = await EvidenceReader.ReadAsync(evidence, s_rollout, Token);
        Assert.Equal(Enumerable.Range(0, 50).Select(static i => (long)i), pairs.Select(static p => p.Unit));
    }

    [Fact]
    public async Task Where_there_is_none_those_are_kept_on_which_both_differ_and_it_says_how_many_are_not()
    {
        await System.IO.File.WriteAllLinesAsync(File, Enumerable.Range(0, 500).Select(static i => Pair(i, i % 5 == 0 ? "0" : "1", noise: true)), Token);
        var all = EvidenceObject.Of(s_rollout, Gate(500), File)!.Spec.Content.Length;
        var evidence = EvidenceObject.Of(s_rollout, Gate(500), File, most: all / 2)!;
        Assert.Equal((100, 400), (evidence.Spec.Pairs, evidence.Spec.LeftOut));
        Assert.All(await EvidenceReader.ReadAsync(evidence, s_rollout, Token), static p => Assert.True(p.Candidate.Score < p.Baseline.Score));
        evidence = EvidenceObject.Of(s_rollout, Gate(500), File, most: all / 20)!;
        Assert.InRange(evidence.Spec.Content.Length, 1, all / 20);
        Assert.Equal(500, evidence.Spec.Pairs + evidence.Spec.LeftOut);
    }

    [Fact]
    public async Task What_was_asked_before_the_folder_was_lost_is_missing_by_number()
    {
        await System.IO.File.WriteAllLinesAsync(File, Enumerable.Range(30, 20).Select(static i => Pair(i, "1")), Token);
        Assert.Equal(30, EvidenceObject.Of(s_rollout, Gate(50), File)!.Spec.LeftOut);
        Assert.Null(EvidenceObject.Of(s_rollout with { Metadata = s_rollout.Metadata with { Uid = "another" } }, Gate(50), File));
    }

    [Theory]
    [InlineData("no base64")]
    [InlineData("bm8gZ3ppcA==")]
    public async Task What_is_none_of_ours_is_refused_by_name(string content)
    {
        var evidence = new RolloutEvidence { Metadata = new ObjectMeta { Name = "r.q.0" }, Spec = new RolloutEvidenceSpec { RolloutRef = new RolloutReference { Name = "r" }, Gate = "q", Content = content } };
        Assert.Contains("RolloutEvidence r.q.0 is not what was written", (await Assert.ThrowsAsync<IOException>(() => EvidenceReader.ReadAsync(evidence, s_rollout, Token))).Message, StringComparison.Ordinal);
    }

    private static GateStatus Gate(long asked) => new() { Name = "q", Step = 0, Asked = asked, Verdict = "Fail", SuiteDigest = "d" };

    private static string Pair(int unit, string score, string uid = "u", int step = 0, bool noise = false)
    {
        JsonObject Side(string of) => new()
        {
            ["prompt"] = $"p{unit}",
            ["score"] = double.Parse(of, System.Globalization.CultureInfo.InvariantCulture),
            ["reason"] = "",
            ["grades"] = new JsonArray(),
            ["text"] = noise ? Convert.ToBase64String(System.Security.Cryptography.SHA512.HashData(BitConverter.GetBytes(unit * 2))) : "so",
            ["elapsedMs"] = 1.0,
            ["at"] = "2026-01-01T00:00:00.0000000+00:00",
        };
        return new JsonObject { ["rollout"] = uid, ["step"] = step, ["unit"] = unit, ["part"] = 0, ["prompt"] = $"p{unit}", ["question"] = "?", ["baseline"] = Side("1"), ["candidate"] = Side(score) }.ToJsonString();
    }
}
