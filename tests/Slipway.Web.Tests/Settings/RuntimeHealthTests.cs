using Slipway.Api.Meta;
using Slipway.Api.Providers;
using Slipway.Web.Settings;
using Slipway.Web.Tests.Fakes;

namespace Slipway.Web.Tests.Settings;

public sealed class RuntimeHealthTests
{
    private static readonly DateTimeOffset s_now = DateTimeOffset.UnixEpoch.AddHours(1);

    [Theory]
    [InlineData(true, 10, "Ready")]
    [InlineData(true, 180, "Ready")]
    [InlineData(true, 181, "Silent")]
    [InlineData(false, 10, "Not ready")]
    public void Readiness_counts_only_while_its_controller_reports(bool ready, int secondsAgo, string word) =>
        Assert.Equal(word, RuntimeHealth.Of(Runtime(new InferenceProviderStatus { Ready = ready, LastHeartbeat = s_now.AddSeconds(-secondsAgo) }), s_now).Word);

    [Fact]
    public void What_is_wrong_is_in_the_runtimes_own_words() => Assert.Equal(
        "Install KServe 0.15 or newer.",
        RuntimeHealth.Of(Runtime(new InferenceProviderStatus { Ready = false, LastHeartbeat = s_now, Conditions = [Given.IsNot("UpstreamReady", "NotInstalled", "Install KServe 0.15 or newer.")] }), s_now).Reason);

    [Fact]
    public void One_that_never_reported_is_not_called_silent()
    {
        var health = RuntimeHealth.Of(Runtime(null), s_now);
        Assert.Equal("Not heard of", health.Word);
        Assert.Contains("See whether it runs", health.Reason, StringComparison.Ordinal);
    }

    private static InferenceProviderConfig Runtime(InferenceProviderStatus? status) => new() { Metadata = new ObjectMeta { Name = "kserve" }, Status = status };
}
