using System.Formats.Tar;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Slipway.Runtimes.Local.Commands;
using Slipway.Testing;

namespace Slipway.Tests.Image;

/// <summary>The image of Slipway, published as the guide says to a registry of this test's, from a base image that is .NET's in form only.</summary>
[Trait("Speed", "slow")]
[Trait("Speed", "slow")]
public sealed class ImageTests
{
    private const string IndexType = "application/vnd.oci.image.index.v1+json", ManifestType = "application/vnd.oci.image.manifest.v1+json";

    [Fact]
    public async Task The_image_is_for_both_processors_and_starts_slipway_as_no_root()
    {
        await using var registry = await Registry.StartAsync();
        AddBase(registry);
        using var work = new TempDirectory();
        // Built in a folder of its own: other tests use what is built where it always is.
        var dotnet = Command.Find("dotnet", Environment.GetEnvironmentVariable("PATH"))!;
        var published = await Command.RunAsync(
            dotnet,
            [
                "publish", Path.Combine(Repository.Root, "src", "Slipway"), "-c", "Release", "-t:PublishContainer", "-p:PublishProfile=Image",
                $"-p:ContainerRegistry={registry.Host}", $"-p:ContainerBaseImage={registry.Host}/dotnet/aspnet:10.0", $"-p:ArtifactsPath={work.Path}", "-p:RunAnalyzers=false", "-nodeReuse:false",
            ],
            new Dictionary<string, string>(StringComparer.Ordinal), cancellationToken: TestContext.Current.CancellationToken);
        Assert.True(published.Succeeded, published.Output + published.Errors);

        var index = JsonNode.Parse(registry.Manifest("slipway", "0.1.0"))!;
        Assert.Equal(registry.Manifest("slipway", "latest"), registry.Manifest("slipway", "0.1.0"));
        Assert.Equal(["amd64", "arm64"], index["manifests"]!.AsArray().Select(m => (string)m!["platform"]!["architecture"]!).Order());
        foreach (var entry in index["manifests"]!.AsArray())
        {
            var manifest = JsonNode.Parse(registry.Manifest("slipway", (string)entry!["digest"]!))!;
            var config = JsonNode.Parse(registry.Blob((string)manifest["config"]!["digest"]!))!;
            Assert.Equal((string)entry["platform"]!["architecture"]!, (string)config["architecture"]!);
            // The user of the base image, whose number the manifests give too: a name would not do for runAsNonRoot.
            Assert.Equal("1654", (string)config["config"]!["User"]!);
            Assert.Equal(["dotnet", "/app/slipway.dll"], config["config"]!["Entrypoint"]!.AsArray().Select(e => (string)e!));
            var root = Directory.CreateDirectory(Path.Combine(work.Path, (string)config["architecture"]!)).FullName;
            foreach (var layer in manifest["layers"]!.AsArray())
                await TarFile.ExtractToDirectoryAsync(new GZipStream(new MemoryStream(registry.Blob((string)layer!["digest"]!)), CompressionMode.Decompress), root, overwriteFiles: true, TestContext.Current.CancellationToken);
            if ((string)config["architecture"]! == (RuntimeInformation.OSArchitecture is Architecture.Arm64 ? "arm64" : "amd64"))
            {
                var started = await Command.RunAsync(dotnet, [Path.Combine(root, "app", "slipway.dll"), "install", "--dry-run"], new Dictionary<string, string>(StringComparer.Ordinal), cancellationToken: TestContext.Current.CancellationToken);
                Assert.True(started.Succeeded, started.Errors);
                Assert.Contains("kind: CustomResourceDefinition", started.Output, StringComparison.Ordinal);
            }

            // A library of the other processor would end Slipway at its first start, and nothing before would tell.
            Assert.Equal((string)config["architecture"]! == "amd64" ? 0x3E : 0xB7, ElfMachine(Path.Combine(root, "app", "libe_sqlite3.so")));
        }
    }

    // e_machine of the ELF header: 0x3E is x86-64, 0xB7 AArch64.
    private static int ElfMachine(string path) => File.ReadAllBytes(path)[18];

    // What a base image is: an index with a manifest for each processor, each with a configuration and one layer.
    private static void AddBase(Registry registry)
    {
        var manifests = new JsonArray();
        foreach (var architecture in (string[])["amd64", "arm64"])
        {
            var tar = new MemoryStream();
            using (var writer = new TarWriter(tar, leaveOpen: true))
                writer.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, "etc/base") { DataStream = new MemoryStream(Encoding.UTF8.GetBytes(architecture)) });
            var layer = new MemoryStream();
            using (var gzip = new GZipStream(layer, CompressionLevel.Fastest, leaveOpen: true)) gzip.Write(tar.ToArray());
            var layerDigest = registry.AddBlob(layer.ToArray());
            var config = Encoding.UTF8.GetBytes($$$"""
                {"architecture":"{{{architecture}}}","os":"linux","config":{"Env":["PATH=/usr/bin","APP_UID=1654","ASPNETCORE_VERSION=10.0.0","DOTNET_VERSION=10.0.0"],"User":"1654","WorkingDir":"/"},
                 "rootfs":{"type":"layers","diff_ids":["sha256:{{{Convert.ToHexStringLower(SHA256.HashData(tar.ToArray()))}}}"]},"history":[{"created_by":"test"}]}
                """);
            var json = $$$"""
                {"schemaVersion":2,"mediaType":"{{{ManifestType}}}","config":{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"{{{registry.AddBlob(config)}}}","size":{{{config.Length}}}},
                 "layers":[{"mediaType":"application/vnd.oci.image.layer.v1.tar+gzip","digest":"{{{layerDigest}}}","size":{{{layer.Length}}}}]}
                """;
            var digest = registry.AddManifest("dotnet/aspnet", null, ManifestType, json);
            manifests.Add(new JsonObject
            {
                ["mediaType"] = ManifestType,
                ["digest"] = digest,
                ["size"] = Encoding.UTF8.GetByteCount(json),
                ["platform"] = new JsonObject { ["architecture"] = architecture, ["os"] = "linux" },
            });
        }

        registry.AddManifest("dotnet/aspnet", "10.0", IndexType, new JsonObject { ["schemaVersion"] = 2, ["mediaType"] = IndexType, ["manifests"] = manifests }.ToJsonString());
    }
}
