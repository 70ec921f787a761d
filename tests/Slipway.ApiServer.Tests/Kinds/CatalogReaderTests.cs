using Slipway.ApiServer.Kinds;

namespace Slipway.ApiServer.Tests.Kinds;

public sealed class CatalogReaderTests
{
    [Fact]
    public void Whoever_asks_for_a_type_while_another_compiles_it_gets_it_whole()
    {
        for (var round = 0; round < 20; round++)
        {
            var reader = Read();
            Parallel.ForEach(
                reader.Kinds.Select(k => k.TypeName).Concat(["ObjectMeta", "PodSpec"]).Order(StringComparer.Ordinal),
                new ParallelOptions { MaxDegreeOfParallelism = 8 },
                type =>
                {
                    var schema = reader.Compile(type);
                    Assert.Equal(reader.Types[type].Map("properties")!.Count, schema.Properties.Count);
                    if (schema.Properties.TryGetValue("metadata", out var metadata)) Assert.NotEmpty(metadata.Properties);
                });
        }
    }

    private static CatalogReader Read()
    {
        var reader = new CatalogReader();
        foreach (var name in (string[])["meta", "types", "core", "groups", "requests"])
        {
            using var text = new StreamReader(typeof(CatalogReader).Assembly.GetManifestResourceStream($"{name}.kinds")!);
            reader.Read(text.ReadToEnd());
        }

        return reader;
    }
}
