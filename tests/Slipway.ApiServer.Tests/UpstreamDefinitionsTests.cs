using System.Net;
using Slipway.Conformance.Tests.Harness;

namespace Slipway.ApiServer.Tests;

/// <summary>The definitions of the projects that Slipway drives.</summary>
public sealed class UpstreamDefinitionsTests
{
    [Fact]
    [Trait("Speed", "slow")]
    public async Task Every_definition_of_the_projects_that_we_work_with_is_established()
    {
        await using var own = new TestServer();
        await own.StartAsync();
        var files = Directory.GetFiles(Shared.Path("crds"), "*.yaml", SearchOption.AllDirectories);
        Assert.NotEmpty(files);
        foreach (var file in files)
        {
            foreach (var document in (await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken)).Split("\n---"))
            {
                if (!document.Contains("kind: CustomResourceDefinition", StringComparison.Ordinal)) continue;
                var answer = await own.PostAsync("/apis/apiextensions.k8s.io/v1/customresourcedefinitions", document, "application/yaml");
                Assert.True(answer.Code is HttpStatusCode.Created or HttpStatusCode.Conflict, $"{file}: {answer.Body[..Math.Min(1000, answer.Body.Length)]}");
                if (answer.Code is HttpStatusCode.Conflict) continue;
                Assert.Contains("\"type\":\"Established\"", answer.Body, StringComparison.Ordinal);
            }
        }
    }
}
