using Bunit;
using Slipway.Web.Access;
using Slipway.Web.Access.Members;
using Slipway.Web.Settings;
using Slipway.Web.Tests.Fakes;

namespace Slipway.Web.Tests.Access.Members;

public sealed class MembersCardTests : PageTest
{
    [Fact]
    public void Who_may_do_what_is_asked_for_a_namespace_and_shown_by_person()
    {
        Deployments.Put(Given.Ready("a"));
        Members.Answer = static () => new MemberList(
            [
                new Member("Group", "ops", [Right.SeeDeployments, Right.Delete], ["clusterrolebinding/ops"]),
                new Member("ServiceAccount", "default/alice", [Right.SeeDeployments], ["rolebinding/look"]),
                new Member("ServiceAccount", "kube-system/collector", [Right.Delete], ["clusterrolebinding/system:controller:collector"]),
            ],
            "You may not list clusterroles: there may be others.");
        var card = Render<MembersCard>();
        Assert.Equal("default", card.Find("input").GetAttribute("value"));
        card.Find("form").Submit();
        Assert.Equal(["default"], Members.Asked);
        Assert.Equal(["ops", "default/alice"], card.FindAll("tbody b").Select(static b => b.TextContent));
        Assert.Equal(["yes", "no", "no", "no", "yes", "no", "no"], card.FindAll("tbody tr")[0].QuerySelectorAll(".chip").Select(static c => c.TextContent));
        Assert.Contains("there may be others", card.Find(".notice.warn").TextContent, StringComparison.Ordinal);
        Assert.Contains("And 1 account of Kubernetes itself.", card.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void Nobody_and_a_failure_are_told_apart()
    {
        var card = Render<MembersCard>();
        Assert.True(card.Find("button").HasAttribute("disabled"));
        card.Find("input").Change(" team-a ");
        card.Find("form").Submit();
        Assert.Equal(["team-a"], Members.Asked);
        Assert.Contains("No role that you may read lets anybody do anything with models in team-a.", card.Markup, StringComparison.Ordinal);
        Members.Answer = static () => throw new HttpRequestException("the API does not answer");
        card.Find("form").Submit();
        Assert.Contains("the API does not answer", card.Find("[role=alert]").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Settings_show_it_where_people_sign_in()
    {
        Assert.Empty(Render<SettingsPage>().FindAll("#members"));
        Members.AreThere = true;
        Assert.Single(Render<SettingsPage>().FindAll("#members"));
    }
}
