namespace Slipway.Bench.ApiServer;

/// <summary>The requests of the load, as bodies of wrk's Lua function.</summary>
internal static class Requests
{
    /// <summary>Creates objects whose names no other call of this method gives.</summary>
    public static string Create(string ns) =>
        $$"""return wrk.format("POST", "{{Maps(ns)}}", headers("application/json"), '{"metadata":{"name":"c{{Guid.NewGuid():N}}-' .. id .. '-' .. n .. '"},"data":{"pad":"' .. pad .. '"} }')""";

    public static string Get(string ns, int objects) => $$"""return wrk.format("GET", "{{Maps(ns)}}/o" .. math.random(0, {{objects - 1}}), headers("application/json"))""";

    public static string Update(string ns, int objects) =>
        $$"""local name = "o" .. math.random(0, {{objects - 1}}) return wrk.format("PUT", "{{Maps(ns)}}/" .. name, headers("application/json"), '{"metadata":{"name":"' .. name .. '"},"data":{"pad":"' .. pad .. '","n":"' .. id .. '-' .. n .. '"} }')""";

    public static string Apply(string ns, int objects) =>
        $$"""local name = "o" .. math.random(0, {{objects - 1}}) return wrk.format("PATCH", "{{Maps(ns)}}/" .. name .. "?fieldManager=bench&force=true", headers("application/apply-patch+yaml"), '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"' .. name .. '"},"data":{"applied":"' .. id .. '-' .. n .. '"} }')""";

    public static string List(string ns, int limit = 0) => $$"""return wrk.format("GET", "{{Maps(ns)}}{{(limit > 0 ? $"?limit={limit}" : "")}}", headers("application/json"))""";

    private static string Maps(string ns) => $"/api/v1/namespaces/{ns}/configmaps";
}
