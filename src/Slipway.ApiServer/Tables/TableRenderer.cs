using Slipway.ApiServer.Json;
using Slipway.ApiServer.Kinds;

namespace Slipway.ApiServer.Tables;

/// <summary>Renders objects as <c>meta.k8s.io Table</c>, which kubectl prints.</summary>
internal sealed class TableRenderer(ServedVersion version, string metaVersion, string include, DateTimeOffset now)
{
    private readonly IReadOnlyList<PrinterColumn> _columns = version.Columns.Count > 0 ? version.Columns : [Columns.Name, Columns.Age];

    public JsonMap Table(IEnumerable<JsonMap> objects, JsonMap metadata, bool withColumns = true)
    {
        var definitions = new JsonList();
        foreach (var column in withColumns ? _columns : [])
            definitions.Add(new JsonMap
            {
                ["name"] = column.Name,
                ["type"] = column.Type,
                ["format"] = column.Format,
                ["description"] = column.Description,
                ["priority"] = (long)column.Priority,
            });
        var rows = new JsonList();
        foreach (var item in objects) rows.Add(Row(item));
        return new JsonMap
        {
            ["kind"] = "Table",
            ["apiVersion"] = "meta.k8s.io/" + metaVersion,
            ["metadata"] = metadata,
            ["columnDefinitions"] = definitions,
            ["rows"] = rows,
        };
    }

    public static JsonMap Partial(JsonMap item, string metaVersion) => new()
    {
        ["kind"] = "PartialObjectMetadata",
        ["apiVersion"] = "meta.k8s.io/" + metaVersion,
        ["metadata"] = item.Map("metadata"),
    };

    private JsonMap Row(JsonMap item)
    {
        var cells = new JsonList(_columns.Count);
        foreach (var column in _columns) cells.Add(column.Cell(item, now));
        var row = new JsonMap { ["cells"] = cells };
        if (include == "Object") row["object"] = item;
        else if (include != "None") row["object"] = Partial(item, metaVersion);
        return row;
    }
}
