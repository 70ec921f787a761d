using System.Text.Json.Nodes;
using Slipway.Runtimes.Local;
using Slipway.Runtimes.Tests.Harness;

namespace Slipway.Runtimes.Tests.Local;

public sealed class EveryFieldTests
{
    private readonly LocalRuntime _runtime = new();

    public static TheoryData<string> Fields => EveryField.Paths;

    [Theory]
    [MemberData(nameof(Fields))]
    public void A_field_changes_the_render_or_is_named(string path)
    {
        // The core tells a runtime without GPUs apart before it is asked.
        if (path == "resources.gpu.count") return;
        EveryField.IsHonouredOrNamed(_runtime, path, new JsonObject { ["model"] = new JsonObject { ["id"] = "org/model" } }, ClusterApis.None);
    }
}
