using System.Collections.Frozen;
using System.Collections.Immutable;
using Slipway.Capacity.Tables;

namespace Slipway.Capacity.Accelerators;

/// <summary>Which accelerators the clouds' machine types have, from the bundled <c>machine-types.csv</c>. The digits in a type's name say nothing.</summary>
public sealed class MachineTypeTable
{
    private static readonly Lazy<MachineTypeTable> s_bundled = new(static () => new MachineTypeTable([.. CsvTable.Bundled("machine-types.csv").Rows.Select(Parse)]));

    private readonly FrozenDictionary<string, MachineType> _byName;

    private MachineTypeTable(ImmutableArray<MachineType> rows)
    {
        Rows = rows;
        _byName = rows.ToFrozenDictionary(static r => Key(r.Provider, r.Name), StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>The bundled table, parsed at its first use.</summary>
    public static MachineTypeTable Bundled => s_bundled.Value;

    /// <summary>All rows.</summary>
    public ImmutableArray<MachineType> Rows { get; }

    /// <summary>What a machine type has; null when the table does not know it, or it has no accelerator.</summary>
    /// <param name="provider"><c>aws</c>, <c>azure</c> or <c>gcp</c>.</param>
    /// <param name="machineType">As the cloud writes it; case does not matter.</param>
    public MachineType? Find(string provider, string machineType) => _byName.GetValueOrDefault(Key(provider, machineType));

    private static string Key(string provider, string machineType) => $"{provider}/{machineType}";

    private static MachineType Parse(CsvRow row) => new(
        row["provider"],
        row["machine_type"],
        AcceleratorTable.Bundled.Find(row["accelerator"])
            ?? throw new InvalidDataException($"machine-types.csv: {row["accelerator"]} is in no row of accelerators.csv."),
        row.Number("count") ?? throw new InvalidDataException($"machine-types.csv: {row["machine_type"]} has no count."),
        row.Number("vcpus"),
        row.Number("memory_gib"),
        row["source"],
        row["note"]);
}
