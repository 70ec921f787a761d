using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Globalization;
using Slipway.Capacity.Tables;
using Slipway.Models.Hardware;

namespace Slipway.Capacity.Accelerators;

/// <summary>
/// The accelerators that Slipway knows, from the bundled <c>accelerators.csv</c>. Every look-up is by a whole name or id, never by a part
/// of one: an L40 is no L4, and a GH200 no H200.
/// </summary>
public sealed class AcceleratorTable
{
    private static readonly Lazy<AcceleratorTable> s_bundled = new(static () => new AcceleratorTable([.. CsvTable.Bundled("accelerators.csv").Rows.Select(Parse)]));

    private readonly FrozenDictionary<string, AcceleratorFacts> _byKey;
    private readonly FrozenDictionary<string, ImmutableArray<AcceleratorFacts>> _byProduct;
    private readonly FrozenDictionary<string, ImmutableArray<AcceleratorFacts>> _byGkeName;
    private readonly FrozenDictionary<string, ImmutableArray<AcceleratorFacts>> _byDeviceId;

    /// <summary>Makes a table of given rows, in tests and where somebody describes hardware of their own.</summary>
    /// <param name="rows">The rows; their keys differ.</param>
    public AcceleratorTable(ImmutableArray<AcceleratorFacts> rows)
    {
        Rows = rows;
        _byKey = rows.ToFrozenDictionary(static r => r.Device.Key, StringComparer.Ordinal);
        _byProduct = Index(rows, static r => r.Products);
        _byGkeName = Index(rows, static r => r.GkeNames);
        _byDeviceId = Index(rows, static r => r.DeviceIds);
    }

    /// <summary>The bundled table, parsed at its first use.</summary>
    public static AcceleratorTable Bundled => s_bundled.Value;

    /// <summary>All rows.</summary>
    public ImmutableArray<AcceleratorFacts> Rows { get; }

    /// <summary>The row of a key such as <c>h100-sxm</c>; null when there is none.</summary>
    public AcceleratorFacts? Find(string key) => _byKey.GetValueOrDefault(key);

    /// <summary>Rows that a product label may mean: none, one, or several that only their memory tells apart.</summary>
    public ImmutableArray<AcceleratorFacts> OfProduct(string label) => _byProduct.GetValueOrDefault(label, []);

    /// <summary>Rows that a value of GKE's accelerator labels means.</summary>
    public ImmutableArray<AcceleratorFacts> OfGkeName(string name) => _byGkeName.GetValueOrDefault(name, []);

    /// <summary>Rows of a PCI id such as <c>1002:74a1</c>.</summary>
    public ImmutableArray<AcceleratorFacts> OfDeviceId(string id) => _byDeviceId.GetValueOrDefault(id, []);

    // Product labels differ in case between versions of the same plugin (Tesla-T4, TESLA-T4).
    private static FrozenDictionary<string, ImmutableArray<AcceleratorFacts>> Index(
        ImmutableArray<AcceleratorFacts> rows, Func<AcceleratorFacts, ImmutableArray<string>> names) => rows
        .SelectMany(r => names(r).Distinct(StringComparer.OrdinalIgnoreCase).Select(n => (Name: n, Row: r)))
        .GroupBy(static p => p.Name, static p => p.Row, StringComparer.OrdinalIgnoreCase)
        .ToFrozenDictionary(static g => g.Key, static g => g.ToImmutableArray(), StringComparer.OrdinalIgnoreCase);

    private static AcceleratorFacts Parse(CsvRow row) => new()
    {
        Device = new Accelerator
        {
            Key = row["key"],
            Name = row["name"],
            Vendor = row["vendor"],
            Architecture = row["architecture"],
            MemoryBytes = (long)((row.Number("memory_mib") ?? row.Number("memory_gb") * 1024
                ?? throw new InvalidDataException($"accelerators.csv: {row["key"]} has no memory.")) * 1024 * 1024),
            BandwidthBytesPerSecond = row.Number("bandwidth_gbs") * 1e9,
            Fp16FlopsPerSecond = row.Number("fp16_tflops") * 1e12,
            Fp8FlopsPerSecond = row.Number("fp8_tflops") * 1e12,
            Int8OpsPerSecond = row.Number("int8_tops") * 1e12,
            Fp4FlopsPerSecond = row.Number("fp4_tflops") * 1e12,
            LinkBytesPerSecond = row.Number("link_gbs") * 1e9,
            Link = row["link"],
        },
        ComputeCapability = row["compute_capability"],
        MemoryIsReported = row.Number("memory_mib") is not null,
        MigSlices = (int?)row.Number("mig_slices"),
        Resource = row["resource"],
        Products = row.List("products"),
        GkeNames = row.List("gke"),
        DeviceIds = row.List("device_ids"),
        Available = row["status"] == "ga",
        Source = row["source"],
        Taken = DateOnly.Parse(row["taken"], CultureInfo.InvariantCulture),
        Note = row["note"],
        Unread = row.List("unread"),
    };
}
