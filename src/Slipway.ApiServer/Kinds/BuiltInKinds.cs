using Slipway.ApiServer.Schemas;
using Slipway.ApiServer.Tables;

namespace Slipway.ApiServer.Kinds;

/// <summary>The kinds that every server has, read from the catalogue in this assembly.</summary>
internal static class BuiltInKinds
{
    private static readonly Lazy<CatalogReader> s_catalog = new(ReadCatalog);

    public static CatalogReader Catalog => s_catalog.Value;

    /// <summary>Gets the schema of metadata, which custom resources share.</summary>
    public static Schema ObjectMeta => Catalog.Compile("ObjectMeta");

    public static IEnumerable<ResourceType> All() => Catalog.Kinds.GroupBy(k => (k.Group, k.Kind)).Select(g => Make([.. g]));

    /// <summary>Makes a resource of its versions, of which the first is the stored one.</summary>
    private static ResourceType Make(IReadOnlyList<KindLine> versions)
    {
        var line = versions[0];
        return new ResourceType
        {
            Group = line.Group,
            Kind = line.Kind,
            Plural = line.Plural,
            Namespaced = !line.Cluster,
            ShortNames = line.ShortNames,
            Categories = line.Categories,
            Versions = [.. versions.Select(v => Make(v, stored: v == line))],
            Strategy = Strategies.For(line.Group, line.Kind),
            BucketName = line.Bucket ?? $"{line.Group}/{line.Plural}",
        };
    }

    private static ServedVersion Make(KindLine line, bool stored)
    {
        var columns = SpecialColumns.For(line.Group, line.Kind) ?? [Columns.Name, .. line.Columns, .. AgeUnlessDated(line)];
        return new ServedVersion(line.Group, line.Version, new Lazy<Schema>(() => Catalog.Compile(line.TypeName)))
        {
            Storage = stored,
            HasStatus = line.Status,
            Scale = line.Scale ? new("spec.replicas", "status.replicas", null) : null,
            Columns = columns,
            SelectableFields = SelectableFieldsOf(line),
        };
    }

    private static IEnumerable<PrinterColumn> AgeUnlessDated(KindLine line) =>
        line.Columns.Any(c => c.Name == "Created At") ? [] : [Columns.Age];

    private static string[] SelectableFieldsOf(KindLine line) => line.Kind switch
    {
        "Pod" => ["spec.nodeName", "spec.restartPolicy", "spec.schedulerName", "spec.serviceAccountName", "spec.hostNetwork", "status.phase", "status.podIP", "status.nominatedNodeName"],
        "Event" => ["involvedObject.kind", "involvedObject.namespace", "involvedObject.name", "involvedObject.uid", "involvedObject.apiVersion",
            "involvedObject.resourceVersion", "involvedObject.fieldPath", "regarding.kind", "regarding.namespace", "regarding.name", "regarding.uid",
            "regarding.apiVersion", "reason", "type", "source", "reportingComponent", "reportingController"],
        "Secret" => ["type"],
        "Namespace" => ["status.phase"],
        "Node" => ["spec.unschedulable"],
        "Service" => ["spec.clusterIP", "spec.type"],
        "ReplicaSet" or "ReplicationController" => ["status.replicas"],
        "Job" => ["status.successful"],
        "ResourceSlice" => ["spec.nodeName", "spec.driver"],
        _ => [],
    };

    private static CatalogReader ReadCatalog()
    {
        var reader = new CatalogReader();
        foreach (var name in (string[])["meta", "types", "core", "groups", "requests"])
        {
            using var stream = typeof(BuiltInKinds).Assembly.GetManifestResourceStream($"{name}.kinds")!;
            using var text = new StreamReader(stream);
            reader.Read(text.ReadToEnd());
        }

        return reader;
    }
}
