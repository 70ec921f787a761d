using System.Xml.Linq;

namespace Slipway.Architecture.Tests;

/// <summary>Arrows between rooms point one way.</summary>
public sealed class ArrowsTests
{
    private static readonly Dictionary<string, string[]> s_allowed = new()
    {
        ["Slipway.Api"] = [],
        ["Slipway.Capacity"] = ["Slipway.Api", "Slipway.Cel", "Slipway.Models"],
        ["Slipway.Cel"] = [],
        ["Slipway.Evaluation"] = [],
        ["Slipway.Models"] = [],
        ["Slipway.Kubernetes"] = [],
        ["Slipway.ApiServer"] = ["Slipway.Cel"],
        ["Slipway.Runtimes"] = ["Slipway.Api", "Slipway.Models"],
        ["Slipway.Operator"] = ["Slipway.Api", "Slipway.Capacity", "Slipway.Cel", "Slipway.Evaluation", "Slipway.Kubernetes", "Slipway.Models", "Slipway.Runtimes"],
        ["Slipway.Gateway"] = ["Slipway.Api", "Slipway.Kubernetes"],
        ["Slipway.Simulation"] = ["Slipway.Capacity", "Slipway.Kubernetes"],
        ["Slipway.Web"] = ["Slipway.Api", "Slipway.Capacity", "Slipway.Evaluation", "Slipway.Kubernetes"],
        ["Slipway"] =
        [
            "Slipway.Api", "Slipway.ApiServer", "Slipway.Capacity", "Slipway.Evaluation", "Slipway.Gateway", "Slipway.Kubernetes", "Slipway.Models", "Slipway.Operator", "Slipway.Runtimes",
            "Slipway.Simulation", "Slipway.Web",
        ],
    };

    public static TheoryData<string> Rooms => [.. Directory.GetDirectories(Source.Folder).Select(d => Path.GetFileName(d))];

    [Theory]
    [MemberData(nameof(Rooms))]
    public void A_room_uses_only_the_rooms_below_it(string room)
    {
        Assert.True(s_allowed.TryGetValue(room, out var allowed), $"{room} is new: say here, and in docs/architecture.md, what it may use.");
        Assert.Empty(References(room).Except(allowed!));
    }

    [Fact]
    public void No_room_but_ours_uses_the_whole_Kubernetes_client()
    {
        var users = Directory.GetDirectories(Source.Folder).Select(d => Path.GetFileName(d)!)
            .Where(r => Project(r).Descendants("PackageReference").Any(p => (string?)p.Attribute("Include") == "KubernetesClient"));
        Assert.Equal(["Slipway.Kubernetes"], users);
    }

    private static IEnumerable<string> References(string room) =>
        Project(room).Descendants("ProjectReference").Select(r => Path.GetFileNameWithoutExtension((string)r.Attribute("Include")!));

    private static XDocument Project(string room) => XDocument.Load(Path.Combine(Source.Folder, room, $"{room}.csproj"));
}
