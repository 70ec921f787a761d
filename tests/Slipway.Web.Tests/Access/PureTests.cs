using System.Buffers.Text;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using Microsoft.AspNetCore.Http;
using Slipway.Web.Access;

namespace Slipway.Web.Tests.Access;

public sealed class PureTests
{
    private static readonly Uri s_here = new("https://slipway.example/sign-in");

    [Theory]
    [InlineData("/deployments/team-a/x?tab=1", "/deployments/team-a/x?tab=1")]
    [InlineData("/", "/")]
    [InlineData(null, "/")]
    [InlineData("", "/")]
    [InlineData("//evil.example/", "/")]
    [InlineData("/\\evil.example/", "/")]
    [InlineData("/\t/evil.example/", "/")]
    [InlineData("https://evil.example/", "/")]
    [InlineData("evil.example", "/")]
    [InlineData("javascript:alert(1)", "/")]
    [InlineData("/sign-in?return=/", "/")]
    [InlineData("/sign-out", "/")]
    public void One_goes_on_to_a_page_of_this_site_only(string? asked, string expected) => Assert.Equal(expected, ReturnAddress.Of(asked));

    [Fact]
    public void No_text_leads_elsewhere() =>
        Gen.OneOf(Gen.String, Gen.String[Gen.Char["/\\:@.?#\t\n\r evilx%20"], 0, 20].Select(static s => "/" + s)).Sample(static text =>
        {
            var address = ReturnAddress.Of(text);
            Assert.StartsWith("/", address, StringComparison.Ordinal);
            // As browsers read it: tabs and line ends do not count, and a backslash is a slash (URL Standard, 4.4).
            var read = address.Replace("\t", "", StringComparison.Ordinal).Replace("\n", "", StringComparison.Ordinal).Replace("\r", "", StringComparison.Ordinal).Replace('\\', '/');
            Assert.Equal(s_here.Host, new Uri(s_here, read).Host);
        });

    [Theory]
    [InlineData("abc.def.ghi", "abc.def.ghi")]
    [InlineData("  abc.def.ghi\r\n", "abc.def.ghi")]
    [InlineData("Bearer abc", "abc")]
    [InlineData("bearer  a+b/c==", "a+b/c==")]
    [InlineData("", null)]
    [InlineData("   ", null)]
    [InlineData("a b", null)]
    [InlineData("a\r\nX-Other: b", null)]
    [InlineData("тоken", null)]
    [InlineData(null, null)]
    public void A_token_is_what_may_stand_in_a_header(string? given, string? expected) => Assert.Equal(expected, TokenText.Clean(given));

    [Theory]
    [InlineData("""{"exp":1000}""", 1000.0)]
    [InlineData("""{"exp":1000.5}""", 1000.5)]
    [InlineData("""{"exp":"1000"}""", null)]
    [InlineData("""{"exp":1e300}""", null)]
    [InlineData("""{}""", null)]
    [InlineData("""[]""", null)]
    [InlineData("""{""", null)]
    public void A_token_says_when_it_ends(string claims, double? seconds) =>
        Assert.Equal(seconds is { } s ? DateTimeOffset.UnixEpoch.AddSeconds(s) : null, TokenText.End($"x.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(claims))}.y"));

    [Fact]
    public void Any_text_may_be_looked_at_for_its_end() => Gen.String.Sample(static text => _ = TokenText.End(text) ?? TokenText.End($"a.{text}.b"));

    [Theory]
    [InlineData("GET", "api/v1/namespaces/a/pods?x=y", "list", "pods", "a", null)]
    [InlineData("GET", "api/v1/namespaces/a", "get", "namespaces", null, "a")]
    [InlineData("GET", "api/v1/namespaces/a/pods/p/log", "get", "pods/log", "a", "p")]
    [InlineData("POST", "apis/airunway.ai/v1alpha1/namespaces/a/modeldeployments", "create", "modeldeployments.airunway.ai", "a", null)]
    [InlineData("PATCH", "apis/airunway.ai/v1alpha1/namespaces/a/modeldeployments/m", "patch", "modeldeployments.airunway.ai", "a", "m")]
    [InlineData("PUT", "apis/airunway.ai/v1alpha1/namespaces/a/modeldeployments/m/status", "update", "modeldeployments/status.airunway.ai", "a", "m")]
    [InlineData("DELETE", "apis/airunway.ai/v1alpha1/namespaces/a/modeldeployments/m%2Fx", "delete", "modeldeployments.airunway.ai", "a", "m/x")]
    [InlineData("DELETE", "apis/airunway.ai/v1alpha1/namespaces/a/modeldeployments", "deletecollection", "modeldeployments.airunway.ai", "a", null)]
    [InlineData("GET", "healthz", "get", null, null, null)]
    public void A_call_is_written_down_in_the_words_of_roles(string method, string path, string verb, string? resource, string? space, string? name)
    {
        Assert.Equal(new ApiCall(verb, resource, space, name), ApiCall.Of(new HttpMethod(method), new Uri(path, UriKind.Relative)));
        Assert.Equal(new ApiCall(verb, resource, space, name), ApiCall.Of(new HttpMethod(method), new Uri(new Uri("https://127.0.0.1:7443/"), path)));
    }

    [Fact]
    public void A_review_is_a_question_and_no_change()
    {
        Assert.False(ApiCall.Of(HttpMethod.Post, new Uri("api/v1/namespaces/a/pods?dryRun=All", UriKind.Relative)).Changes);
        Assert.True(ApiCall.Of(HttpMethod.Post, new Uri("api/v1/namespaces/a/pods", UriKind.Relative)).Changes);
        Assert.True(ApiCall.Of(HttpMethod.Post, new Uri("apis/authorization.k8s.io/v1/selfsubjectrulesreviews", UriKind.Relative)).IsQuestion);
        Assert.False(ApiCall.Of(HttpMethod.Post, new Uri("apis/rbac.authorization.k8s.io/v1/clusterroles", UriKind.Relative)) is { IsQuestion: true, Resource: "clusterroles" });
    }

    [Theory]
    [InlineData("list", "airunway.ai", "modeldeployments", null, true)]
    [InlineData("delete", "airunway.ai", "modeldeployments", null, false)]
    [InlineData("delete", "airunway.ai", "modeldeployments", "mine", true)]
    [InlineData("delete", "airunway.ai", "modeldeployments", "other", false)]
    [InlineData("list", "", "modeldeployments", null, false)]
    [InlineData("get", "", "pods/log", null, true)]
    [InlineData("get", "", "pods", null, false)]
    [InlineData("frob", "x.example", "anything", null, true)]
    [InlineData("get", "slipway.dev", "modelrollouts/status", null, true)]
    [InlineData("get", "slipway.dev", "modelrollouts", null, false)]
    public void Rules_give_what_RBAC_gives(string verb, string group, string resource, string? name, bool may)
    {
        var rules = AccessRules.Read(JsonNode.Parse("""
            {"resourceRules":[
              {"verbs":["list","get"],"apiGroups":["airunway.ai"],"resources":["modeldeployments"]},
              {"verbs":["delete"],"apiGroups":["airunway.ai"],"resources":["modeldeployments"],"resourceNames":["mine"]},
              {"verbs":["get"],"apiGroups":[""],"resources":["pods/log"]},
              {"verbs":["get"],"apiGroups":["slipway.dev"],"resources":["*/status"]},
              {"verbs":["*"],"apiGroups":["x.example"],"resources":["*"]},
              {"verbs":7,"apiGroups":null},
              "nonsense"]}
            """));
        Assert.Equal(may, rules.Allow(new Right(verb, group, resource), name));
    }

    [Theory]
    [InlineData("203.0.113.7", null, "203.0.113.7")]
    [InlineData("203.0.113.7", "198.51.100.1", "203.0.113.7")]
    [InlineData("127.0.0.1", "198.51.100.1", "198.51.100.1")]
    [InlineData("127.0.0.1", "6.6.6.6, 198.51.100.1", "198.51.100.1")]
    [InlineData("127.0.0.1", "nonsense", "127.0.0.1")]
    [InlineData("::1", "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64")]
    [InlineData("::ffff:203.0.113.7", null, "203.0.113.7")]
    [InlineData("::1", null, "::1")]
    public void A_client_is_counted_by_its_own_address_and_only_a_proxy_on_this_machine_may_say_another(string peer, string? forwarded, string expected)
    {
        var context = new DefaultHttpContext { Connection = { RemoteIpAddress = IPAddress.Parse(peer) } };
        if (forwarded is not null) context.Request.Headers["X-Forwarded-For"] = forwarded;
        Assert.Equal(expected, ClientAddress.Of(context));
    }
}
