using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CsCheck;
using Slipway.Api.Meta;
using Slipway.Api.Rollouts;
using Slipway.Operator.Rollouts.Decisions;
using Slipway.Testing;

namespace Slipway.Operator.Tests.Rollouts.Decisions;

/// <summary>Signed records of decisions.</summary>
public sealed class DecisionTests : IDisposable
{
    private readonly TempDirectory _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private DecisionKey Key => new(_folder["keys/decisions.pem"]);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_is_signed_is_what_the_protocol_says()
    {
        // The example of DSSE's document, with the type of an in-toto statement for its own.
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var envelope = Dsse.Sign("hello world"u8.ToArray(), key);
        var signed = Encoding.UTF8.GetBytes("DSSEv1 28 application/vnd.in-toto+json 11 hello world");
        Assert.True(key.VerifyData(signed, Convert.FromBase64String((string)envelope["signatures"]![0]!["sig"]!), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence));
        Assert.Equal("hello world"u8.ToArray(), Dsse.Verify(envelope.ToJsonString(), key).Payload);
    }

    [Fact]
    public void Whatever_is_changed_in_a_record_is_not_believed()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var text = Dsse.Sign("""{"a":1}"""u8.ToArray(), key).ToJsonString();
        Assert.Contains("was changed", Dsse.Verify(text, other).Problem, StringComparison.Ordinal);
        Gen.Select(Gen.Int[0, text.Length - 1], Gen.Char['!', '~']).Sample((at, c) =>
        {
            var (payload, problem) = Dsse.Verify(string.Concat(text.AsSpan(0, at), [c], text.AsSpan(at + 1)), key);
            Assert.True(payload is null ? problem is not null : Encoding.UTF8.GetString(payload) == """{"a":1}""");
        });
    }

    [Fact]
    public async Task A_key_is_made_once_for_its_owner_and_its_public_part_for_everybody()
    {
        using var first = await Key.OpenAsync(Token);
        using var second = await Key.OpenAsync(Token);
        Assert.Equal(Dsse.KeyId(first), Dsse.KeyId(second));
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_folder["keys/decisions.pem"]));
        Assert.DoesNotContain("PRIVATE", File.ReadAllText(Key.PublicFile), StringComparison.Ordinal);
        File.WriteAllText(_folder["keys/decisions.pem"], "no key");
        await Assert.ThrowsAsync<CryptographicException>(() => Key.OpenAsync(Token));
    }

    [Theory]
    [InlineData(RolloutPhase.Promoting, "Pass", "PASSED")]
    [InlineData(RolloutPhase.Promoting, "Undecided", "WARNED")]
    [InlineData(RolloutPhase.RollingBack, "Fail", "FAILED")]
    [InlineData(RolloutPhase.RollingBack, "Pass", "FAILED")]
    public void A_record_states_the_result_and_what_it_rests_on(RolloutPhase phase, string verdict, string result)
    {
        var file = _folder["pairs.jsonl"];
        File.WriteAllText(file, "{}\n");
        var statement = DecisionRecord.Of(Rollout(phase, verdict), new Dictionary<string, string> { ["q"] = DecisionRecord.OfFile(file) });
        Assert.Equal("https://in-toto.io/Statement/v1", (string?)statement["_type"]);
        Assert.Equal("cc", (string?)statement["subject"]![0]!["digest"]!["sha256"]);
        var predicate = statement["predicate"]!;
        Assert.Equal(result, (string?)predicate["result"]);
        var configured = predicate["configuration"]![0]!;
        Assert.Equal("ss", (string?)configured["digest"]!["sha256"]);
        Assert.Equal("sha256:ca3d163bab055381827226140568f3bef7eaac187cebd76878e0b63e9e442356", (string?)configured["annotations"]!["pairs"]);
        Assert.Equal(verdict == "Pass" ? ["q (step 0)"] : [], predicate["passedTests"]!.AsArray().Select(static t => (string)t!));
        Assert.Equal(verdict == "Fail" ? ["q (step 0)"] : [], predicate["failedTests"]!.AsArray().Select(static t => (string)t!));
    }

    private static ModelRollout Rollout(RolloutPhase phase, string verdict) => new()
    {
        Metadata = new ObjectMeta { Name = "r", Namespace = "team", Uid = "u" },
        Spec = new ModelRolloutSpec { DeploymentRef = new LocalReference { Name = "a" }, Candidate = JsonDocument.Parse("""{"model":{"id":"org/b"}}""").RootElement, Steps = [] },
        Status = new ModelRolloutStatus
        {
            Phase = phase,
            CandidateName = "a-1",
            CandidateDigest = "sha256:cc",
            StableDigest = "sha256:bb",
            DecisionTime = DateTimeOffset.UnixEpoch,
            Gates = [new GateStatus { Name = "q", Verdict = verdict, SuiteDigest = "sha256:ss", Margin = 0.05 }],
            History = [new RolloutDecision { Time = DateTimeOffset.UnixEpoch, What = "Promoting", Why = "all is well" }],
        },
    };
}
