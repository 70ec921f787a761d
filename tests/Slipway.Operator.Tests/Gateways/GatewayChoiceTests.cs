using Slipway.Kubernetes.Objects;
using Slipway.Operator.Gateways;

namespace Slipway.Operator.Tests.Gateways;

public sealed class GatewayChoiceTests
{
    private const string Label = """{"airunway.ai/inference-gateway":"true"}""";

    [Fact]
    public void The_asked_for_the_labelled_or_the_only_one_is_chosen()
    {
        Assert.Equal(GatewayFacts.None, GatewayChoice.Of([], null));
        Assert.Equal("models", Chosen([Given.Gateway("models")]));
        Assert.Equal("b", Chosen([Given.Gateway("a"), Given.Gateway("b", labels: Label)]));
        Assert.Equal("a", Chosen([Given.Gateway("a"), Given.Gateway("b", labels: Label)], "a"));
        Assert.Equal("GatewayMissing", GatewayChoice.Of([Given.Gateway("a")], new NamespacedName("gateways", "z")).Fault!.Reason);
        var several = GatewayChoice.Of([Given.Gateway("a"), Given.Gateway("b")], null);
        Assert.Equal((null, "GatewayAmbiguous"), (several.Gateway, several.Fault!.Reason));
        Assert.Contains("gateways/a, gateways/b", several.Fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"name":"a","port":80,"protocol":"HTTP"}""", "http://192.0.2.1")]
    [InlineData("""{"name":"a","port":8080,"protocol":"HTTP"}""", "http://192.0.2.1:8080")]
    [InlineData("""{"name":"a","port":80,"protocol":"HTTP"},{"name":"b","port":443,"protocol":"HTTPS","hostname":"ai.example.com"}""", "https://ai.example.com")]
    [InlineData("""{"name":"b","port":8443,"protocol":"HTTPS","hostname":"*.example.com"}""", "https://192.0.2.1:8443")]
    public void Where_it_answers_is_read_from_its_listener_and_address(string listeners, string endpoint) =>
        Assert.Equal(endpoint, GatewayChoice.Of([Given.Gateway("a", listeners)], null).Endpoint);

    [Fact]
    public void An_address_of_ipv6_is_put_in_brackets() =>
        Assert.Equal("http://[2001:db8::1]", GatewayChoice.Of([Given.Gateway("a", status: """{"addresses":[{"value":"2001:db8::1"}]}""")], null).Endpoint);

    [Theory]
    [InlineData("""{"name":"a","port":53,"protocol":"UDP"}""", "{}", "NoListener")]
    [InlineData("""{"name":"a","port":80,"protocol":"HTTP"}""", "{}", "NoAddress")]
    [InlineData("""{"name":"a","port":80,"protocol":"HTTP"}""", """{"conditions":[{"type":"Programmed","status":"False","message":"no class"}]}""", "GatewayNotProgrammed")]
    public void What_is_wrong_with_it_is_said(string listeners, string status, string reason)
    {
        var facts = GatewayChoice.Of([Given.Gateway("a", listeners, status)], null);
        Assert.Equal((new NamespacedName("gateways", "a"), null, reason), (facts.Gateway, facts.Endpoint, facts.Fault!.Reason));
    }

    // Its status counts its routes: with a thousand of them, each new one would otherwise have all looked at again.
    [Fact]
    public void A_Gateway_that_counts_one_route_more_has_the_same_facts()
    {
        const string Counted = """{"addresses":[{"value":"192.0.2.1"}],"listeners":[{"name":"http","attachedRoutes":COUNT}]}""";
        Assert.Equal(
            GatewayChoice.Of([Given.Gateway("a", status: Counted.Replace("COUNT", "1", StringComparison.Ordinal))], null),
            GatewayChoice.Of([Given.Gateway("a", status: Counted.Replace("COUNT", "2", StringComparison.Ordinal))], null));
    }

    private static string? Chosen(CachedObject[] gateways, string? asked = null) =>
        GatewayChoice.Of(gateways, asked is null ? null : new NamespacedName("gateways", asked)).Gateway?.Name;
}
