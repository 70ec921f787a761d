using Slipway.ApiServer.Http;
using Slipway.ApiServer.Json;

namespace Slipway.ApiServer.Kinds.PodSpecs;

/// <summary>The rules of what containers mount.</summary>
internal static class MountRules
{
    public static void Check(Spot container, IReadOnlyDictionary<string, JsonMap> volumes)
    {
        var paths = new HashSet<string>(StringComparer.Ordinal);
        foreach (var mount in container.Items("volumeMounts"))
        {
            var name = mount.Text("name");
            if (name.Length == 0 && mount.Value.ContainsKey("name")) mount.Required("name");
            if (!volumes.ContainsKey(name)) mount.NotFound("name", name);
            if (mount.Text("mountPath") is not { Length: > 0 } path)
            {
                if (mount.Value.ContainsKey("mountPath")) mount.Required("mountPath");
            }
            else if (!paths.Add(path))
            {
                mount.Invalid("mountPath", path, "must be unique");
            }

            // Upstream names the list here, not the item.
            foreach (var member in (string[])["subPath", "subPathExpr"])
                if (mount.Text(member) is { Length: > 0 } sub && FilePaths.Fault(sub) is { } fault) container.Errors.Add(FieldError.Invalid($"{container.Of("volumeMounts")}.{member}", sub, fault));
            mount.OneOf("mountPropagation", "Bidirectional", "HostToContainer", "None");
        }

        foreach (var device in container.Items("volumeDevices"))
        {
            var name = device.Text("name");
            if (!volumes.TryGetValue(name, out var volume)) device.NotFound("name", name);
            else if (!volume.ContainsKey("persistentVolumeClaim") && !volume.ContainsKey("ephemeral"))
                device.Invalid("name", name, "can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode");
            if (device.Text("devicePath") is { Length: > 0 } path && !paths.Add(path)) device.Invalid("devicePath", path, "must not already exist as a path in volumeMounts");
        }
    }
}

/// <summary>The rules of paths within volumes.</summary>
internal static class FilePaths
{
    /// <summary>Gets what is wrong with a path that must lie below where it is used.</summary>
    public static string? Fault(string path) => path[0] == '/' ? "must be a relative path" : Backs(path) ? "must not contain '..'" : null;

    public static bool Backs(string path) => path.Split('/').Contains("..");
}
