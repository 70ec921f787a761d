using Slipway.Runtimes.Storage;
using Slipway.Runtimes.Tests.Harness;

namespace Slipway.Runtimes.Tests.Storage;

public sealed class ModelDownloadTests
{
    [Theory]
    [InlineData("""{"model":{"id":"org/b",V}}""", true)]
    [InlineData("""{"model":{"id":"org/a","revision":"v2",V}}""", true)]
    [InlineData("""{"model":{"id":"org/a",V},"tolerations":[{"operator":"Exists"}]}""", false)]
    public void Another_model_has_another_Job_and_another_place_has_not(string spec, bool other)
    {
        string Name(string text)
        {
            var deployment = Manifest.Of(Engine(text));
            return ModelDownload.Name(deployment, deployment.Spec.Model.Storage!.Volumes![0]);
        }

        Assert.Equal(other, Name("""{"model":{"id":"org/a",V}}""") != Name(spec));
    }

    [Theory]
    [InlineData("""{"model":{"id":"org/a",V}}""", true)]
    [InlineData("""{"model":{"id":"org/a",V},"env":[{"name":"HF_HUB_OFFLINE","value":"1"}]}""", false)]
    [InlineData("""{"model":{"id":"org/a",V},"env":[{"name":"HF_HOME","value":"/elsewhere"}]}""", false)]
    [InlineData("""{"model":{"id":"org/a",V},"env":[{"name":"HF_HOME","value":"/model-cache/hf"}]}""", true)]
    [InlineData("""{"model":{"id":"/models/a",V}}""", false)]
    [InlineData("""{"model":{"id":"org/a","source":"custom",V},"image":"x"}""", false)]
    public void It_is_fetched_where_that_is_meant(string spec, bool fetched) => Assert.Equal(fetched, ModelDownload.Target(Manifest.Of(Engine(spec))) is not null);

    [Fact]
    public void A_long_name_leaves_room_for_the_hash()
    {
        var deployment = Manifest.Of(Engine("""{"model":{"id":"org/a",V}}"""), new string('a', 80));
        Assert.True(ModelDownload.Name(deployment, deployment.Spec.Model.Storage!.Volumes![0]).Length <= 63);
    }

    private static string Engine(string spec) =>
        spec.Replace(",V}", """,V},"engine":{"type":"vllm"}""", StringComparison.Ordinal)
            .Replace("V}", """
                "storage":{"volumes":[{"name":"c","purpose":"modelCache","size":"1Gi"}]}}
                """, StringComparison.Ordinal);
}
