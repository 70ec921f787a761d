using Slipway.ApiServer.Json;

namespace Slipway.ApiServer.Tables;

/// <summary>A column of a Table answer.</summary>
internal sealed record PrinterColumn(string Name, string Type, string Format, string Description, int Priority, Func<JsonMap, DateTimeOffset, object?> Cell);
