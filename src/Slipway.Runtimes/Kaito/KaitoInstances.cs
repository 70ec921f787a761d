using System.Collections.Frozen;
using System.Globalization;

namespace Slipway.Runtimes.Kaito;

/// <summary>An instance type that KAITO knows.</summary>
/// <param name="Name">Its name in its cloud.</param>
/// <param name="Count">Accelerators of one node.</param>
/// <param name="MemoryGi">Their memory together, in GiB.</param>
/// <param name="Accelerator">What they are, such as `NVIDIA A100`.</param>
internal sealed record KaitoInstance(string Name, int Count, int MemoryGi, string Accelerator)
{
    /// <summary>KAITO's presets are built for CUDA.</summary>
    public bool IsNvidia => Accelerator.StartsWith("NVIDIA", StringComparison.Ordinal);
}

/// <summary>The instance types that KAITO knows; the file names the source of each row.</summary>
internal static class KaitoInstances
{
    private static readonly Lazy<FrozenDictionary<string, KaitoInstance>> s_byName = new(Read);

    public static KaitoInstance? Find(string? name) => name is not null && s_byName.Value.TryGetValue(name, out var found) ? found : null;

    private static FrozenDictionary<string, KaitoInstance> Read()
    {
        using var stream = typeof(KaitoInstances).Assembly.GetManifestResourceStream("kaito-instance-types.csv")!;
        using var reader = new StreamReader(stream);
        return Rows(reader).ToFrozenDictionary(r => r.Name, StringComparer.OrdinalIgnoreCase);
    }

    // cloud,name,count,memoryGi,accelerator,source: no field holds a comma.
    private static IEnumerable<KaitoInstance> Rows(StreamReader reader)
    {
        while (reader.ReadLine() is { } line)
        {
            if (line.StartsWith('#') || line.StartsWith("cloud,", StringComparison.Ordinal)) continue;
            var field = line.Split(',');
            yield return new KaitoInstance(field[1], int.Parse(field[2], CultureInfo.InvariantCulture), int.Parse(field[3], CultureInfo.InvariantCulture), field[4]);
        }
    }
}
