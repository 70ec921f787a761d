using Slipway.ApiServer.Json;

namespace Slipway.ApiServer.Schemas;

/// <summary>Removes members that the schema does not declare and says which.</summary>
internal static class Pruner
{
    /// <summary>Prunes an object in place; the paths of what was removed go to <paramref name="unknown"/>.</summary>
    public static void Prune(JsonMap value, Schema schema, List<string> unknown, string path = "")
    {
        List<string>? remove = null;
        foreach (var (name, member) in value)
        {
            if (schema.Member(name) is { } inner)
            {
                Descend(member, inner, unknown, Join(path, name));
            }
            else if (!(schema.EmbeddedResource && name is "apiVersion" or "kind" or "metadata"))
            {
                unknown.Add(Join(path, name));
                (remove ??= []).Add(name);
            }
        }

        foreach (var name in remove ?? []) value.Remove(name);
    }

    private static void Descend(object? value, Schema schema, List<string> unknown, string path)
    {
        if (ReferenceEquals(schema, Schema.Anything)) return;
        if (value is JsonMap map && (schema.IsMap || schema.PreserveUnknown || schema.EmbeddedResource))
        {
            Prune(map, schema, unknown, path);
        }
        else if (value is JsonList list && schema.Items is { } items)
        {
            for (var i = 0; i < list.Count; i++) Descend(list[i], items, unknown, $"{path}[{i}]");
        }
    }

    private static string Join(string path, string name) => path.Length == 0 ? name : path + "." + name;
}
