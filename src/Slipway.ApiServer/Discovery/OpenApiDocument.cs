using Slipway.ApiServer.Json;
using Slipway.ApiServer.Kinds;

namespace Slipway.ApiServer.Discovery;

/// <summary>Makes OpenAPI documents from the schemas that the server itself works by.</summary>
internal static class OpenApiDocument
{
    private const string V3Prefix = "#/components/schemas/";
    private const string V2Prefix = "#/definitions/";

    public static JsonMap V3(RegistrySnapshot registry, string group, string version)
    {
        var schemas = new JsonMap();
        var paths = new JsonMap();
        foreach (var type in registry.Types.Where(t => t.Group == group))
            if (type.Version(version) is { } served) Add(type, served, schemas, paths, V3Prefix);
        foreach (var review in group.Length > 0 ? ReviewResources.Of(group, version) : []) AddReview(group, version, review, schemas, paths);
        return new()
        {
            ["openapi"] = "3.0.0",
            ["info"] = Info(),
            ["paths"] = paths,
            ["components"] = new JsonMap { ["schemas"] = schemas },
        };
    }

    public static JsonMap V2(RegistrySnapshot registry)
    {
        var schemas = new JsonMap();
        var paths = new JsonMap();
        foreach (var type in registry.Types)
            foreach (var served in type.Versions.Where(v => v.Served)) Add(type, served, schemas, paths, V2Prefix);
        return new() { ["swagger"] = "2.0", ["info"] = Info(), ["paths"] = paths, ["definitions"] = schemas };
    }

    private static JsonMap Info() => new() { ["title"] = "Kubernetes", ["version"] = ServerVersion.GitVersion };

    private static void Add(ResourceType type, ServedVersion version, JsonMap schemas, JsonMap paths, string prefix)
    {
        var gvk = new JsonMap { ["group"] = type.Group, ["version"] = version.Name, ["kind"] = type.Kind };
        var name = NameOf($"{(type.Group.Length == 0 ? "core" : type.Group)}/{version.Name}/{type.Kind}");
        if (!schemas.ContainsKey(name))
        {
            var schema = type.Custom ? Custom(version, schemas, prefix) : Reference(BuiltInKinds.Catalog.Types[CatalogName(type, version)], schemas, prefix);
            schema["x-kubernetes-group-version-kind"] = new JsonList { gvk };
            schemas[name] = schema;
        }

        var root = type.Group.Length == 0 ? $"/api/{version.Name}" : $"/apis/{type.Group}/{version.Name}";
        var path = type.Namespaced ? $"{root}/namespaces/{{namespace}}/{type.Plural}" : $"{root}/{type.Plural}";
        paths[path] = new JsonMap { ["get"] = Operation("list", gvk), ["post"] = Operation("post", gvk) };
        paths[path + "/{name}"] = new JsonMap
        {
            ["get"] = Operation("get", gvk),
            ["put"] = Operation("put", gvk),
            ["patch"] = Operation("patch", gvk),
            ["delete"] = Operation("delete", gvk),
        };
    }

    private static void AddReview(string group, string version, JsonMap review, JsonMap schemas, JsonMap paths)
    {
        var kind = review.Text("kind")!;
        var gvk = new JsonMap { ["group"] = group, ["version"] = version, ["kind"] = kind };
        var schema = Reference(BuiltInKinds.Catalog.Types[kind], schemas, V3Prefix);
        var properties = schema.Ensure("properties");
        foreach (var name in (string[])["apiVersion", "kind"]) properties[name] = new JsonMap { ["type"] = "string" };
        properties["status"] = new JsonMap { ["type"] = "object", ["description"] = "The answer, made by the server.", ["x-kubernetes-preserve-unknown-fields"] = true };
        schema["x-kubernetes-group-version-kind"] = new JsonList { gvk };
        schemas[NameOf($"{group}/{version}/{kind}")] = schema;
        var place = review.At("namespaced") is true ? "namespaces/{namespace}/" : "";
        // kubectl looks at patches alone to learn whether the server checks fields, and else asks for a document in protobuf.
        paths[$"/apis/{group}/{version}/{place}{review.Text("name")}"] = new JsonMap { ["post"] = Operation("post", gvk), ["patch"] = Operation("patch", gvk) };
    }

    private static JsonMap Operation(string action, JsonMap gvk)
    {
        var parameters = new JsonList();
        // kubectl asks here whether the server checks fields itself; only then does it leave the checking to it (KEP-2885).
        foreach (var name in action is "post" or "put" or "patch" ? (string[])["dryRun", "fieldManager", "fieldValidation"] : ["pretty"])
            parameters.Add(new JsonMap { ["name"] = name, ["in"] = "query", ["schema"] = new JsonMap { ["type"] = "string", ["uniqueItems"] = true } });
        return new()
        {
            ["parameters"] = parameters,
            ["responses"] = new JsonMap { ["200"] = new JsonMap { ["description"] = "OK" } },
            ["x-kubernetes-action"] = action,
            ["x-kubernetes-group-version-kind"] = gvk,
        };
    }

    private static JsonMap Custom(ServedVersion version, JsonMap schemas, string prefix)
    {
        var schema = JsonValues.Copy(version.PublishedSchema!);
        var properties = schema.Ensure("properties");
        properties["apiVersion"] = new JsonMap { ["type"] = "string", ["description"] = "Group and version of the object." };
        properties["kind"] = new JsonMap { ["type"] = "string", ["description"] = "Kind of the object." };
        properties["metadata"] = Resolve(new JsonMap { ["$type"] = "ObjectMeta", ["description"] = "Names, labels and owners of the object." }, schemas, prefix);
        return schema;
    }

    private static string CatalogName(ResourceType type, ServedVersion version) =>
        $"{(type.Group.Length == 0 ? "core" : type.Group)}/{version.Name}/{type.Kind}";

    private static string NameOf(string type) => type == "ObjectMeta"
        ? "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"
        : "io.k8s.api." + type.Replace('/', '.');

    private static JsonMap Reference(JsonMap type, JsonMap schemas, string prefix)
    {
        var copy = JsonValues.Shallow(type);
        copy.Remove(CatalogReader.Unchecked);
        if (type.Map("properties") is not { } properties) return copy;
        var resolved = new JsonMap(properties.Count);
        foreach (var (name, member) in properties) resolved[name] = Resolve((JsonMap)member!, schemas, prefix);
        copy["properties"] = resolved;
        return copy;
    }

    private static JsonMap Resolve(JsonMap field, JsonMap schemas, string prefix)
    {
        if (field.Text("$type") is { } type)
        {
            var name = NameOf(type);
            if (!schemas.ContainsKey(name))
            {
                schemas[name] = new JsonMap(); // Holds the place while the type refers to itself.
                schemas[name] = Reference(BuiltInKinds.Catalog.Types[type], schemas, prefix);
            }

            var reference = new JsonMap { ["$ref"] = prefix + name };
            if (field.Text("description") is not { } description) return reference;
            return prefix == V2Prefix
                ? new() { ["description"] = description, ["$ref"] = prefix + name }
                : new() { ["description"] = description, ["default"] = new JsonMap(), ["allOf"] = new JsonList { reference } };
        }

        var copy = JsonValues.Shallow(field);
        copy.Remove(CatalogReader.Number);
        copy.Remove(CatalogReader.Word);
        copy.Remove(CatalogReader.Omits);
        copy.Remove("nullable");
        if (copy.ContainsKey("default") && copy.At("default") is null) copy.Remove("default");
        foreach (var inner in (string[])["items", "additionalProperties"])
            if (field.Map(inner) is { } item) copy[inner] = Resolve(item, schemas, prefix);
        if (copy.Remove("x-kubernetes-int-or-string")) copy.TryAdd("type", "string");
        return copy;
    }
}

/// <summary>What the server says it is.</summary>
internal static class ServerVersion
{
    public const string GitVersion = "v1.36.0+slipway";

    public static JsonMap ToJson() => new()
    {
        ["major"] = "1",
        ["minor"] = "36",
        ["emulationMajor"] = "1",
        ["emulationMinor"] = "36",
        ["minCompatibilityMajor"] = "1",
        ["minCompatibilityMinor"] = "35",
        ["gitVersion"] = GitVersion,
        ["gitCommit"] = "",
        ["gitTreeState"] = "clean",
        ["buildDate"] = "1970-01-01T00:00:00Z",
        ["goVersion"] = "",
        ["compiler"] = "dotnet",
        ["platform"] = "linux/amd64",
    };
}
