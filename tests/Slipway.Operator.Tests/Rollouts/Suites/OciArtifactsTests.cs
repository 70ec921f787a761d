using System.Text;
using Slipway.Operator.Rollouts.Suites;
using Slipway.Testing;

namespace Slipway.Operator.Tests.Rollouts.Suites;

/// <summary>Suites from a registry.</summary>
public sealed class OciArtifactsTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_everybody_may_read_is_read_with_the_token_that_everybody_gets(bool token)
    {
        await using var registry = await Registry.StartAsync();
        registry.WantsToken = token;
        using var artifacts = new OciArtifacts();
        Assert.Equal(("{}\n", null), await artifacts.ReadAsync(Put(registry, "{}\n"), Token));
    }

    [Fact]
    public async Task What_is_not_what_its_digest_says_is_not_taken()
    {
        await using var registry = await Registry.StartAsync();
        using var artifacts = new OciArtifacts();
        var reference = Put(registry, "{}\n");
        registry.Instead = "[]"u8.ToArray();
        var (text, fault) = await artifacts.ReadAsync(reference, Token);
        Assert.Null(text);
        Assert.StartsWith($"what {registry.Host} has sent is not sha256:", fault, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cannot_be_taken_is_said()
    {
        await using var registry = await Registry.StartAsync();
        using var artifacts = new OciArtifacts();
        async Task<string> FaultAsync(string reference)
        {
            var (text, fault) = await artifacts.ReadAsync(reference, Token);
            Assert.Null(text);
            return fault!;
        }

        Assert.Contains("no artifact by its digest", await FaultAsync($"{registry.Host}/suites/a:latest"), StringComparison.Ordinal);
        Assert.Contains("does not have manifest sha256:", await FaultAsync($"{registry.Host}/suites/a@sha256:{new string('0', 64)}"), StringComparison.Ordinal);
        Assert.Contains("its layer is packed", await FaultAsync(Put(registry, "x", "application/vnd.oci.image.layer.v1.tar+gzip")), StringComparison.Ordinal);
        Assert.Contains("it has 0 layers", await FaultAsync(Manifest(registry, """{"layers":[]}""")), StringComparison.Ordinal);
        Assert.Contains("no artifact with layers", await FaultAsync(Manifest(registry, """{"manifests":[]}""")), StringComparison.Ordinal);
        Assert.Contains("no digest of sha256", await FaultAsync(Manifest(registry, """{"layers":[{"digest":"../../etc"}]}""")), StringComparison.Ordinal);
        Assert.NotEmpty(await FaultAsync(Manifest(registry, "no JSON")));
        Assert.NotEmpty(await FaultAsync($"localhost:1/suites/a@sha256:{new string('0', 64)}"));
    }

    [Theory]
    [InlineData("registry.example/a@sha256:D", "https://registry.example/v2/a/")]
    [InlineData("registry.example:5000/team/suites/a@sha256:D", "https://registry.example:5000/v2/team/suites/a/")]
    [InlineData("localhost:5000/a@sha256:D", "http://localhost:5000/v2/a/")]
    [InlineData("localhost.example/a@sha256:D", "https://localhost.example/v2/a/")]
    [InlineData("a@sha256:D", null)]
    [InlineData("registry.example/a:1@sha256:D", null)]
    [InlineData("registry.example/../a@sha256:D", null)]
    public void A_reference_says_where_it_is(string text, string? address) => Assert.Equal(address, OciReference.Parse(text.Replace("D", new string('a', 64), StringComparison.Ordinal))?.Address.ToString());

    [Fact]
    public void A_challenge_is_read_by_its_names()
    {
        var challenge = new Challenge("realm=\"https://auth.example/token?a=b\",service=registry, scope=\"repository:x:pull,push\"");
        Assert.Equal(("https://auth.example/token?a=b", "registry", "repository:x:pull,push", null), (challenge["Realm"], challenge["service"], challenge["scope"], challenge["error"]));
    }

    private static string Put(Registry registry, string text, string type = "application/x-ndjson") =>
        Manifest(registry, $$"""{"schemaVersion":2,"layers":[{"mediaType":"{{type}}","digest":"{{registry.AddBlob(Encoding.UTF8.GetBytes(text))}}","size":{{text.Length}} }]}""");

    private static string Manifest(Registry registry, string json) => $"{registry.Host}/suites/a@{registry.AddManifest("suites/a", null, "application/vnd.oci.image.manifest.v1+json", json)}";
}
