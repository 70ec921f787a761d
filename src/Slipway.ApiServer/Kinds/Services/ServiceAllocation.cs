using System.Globalization;
using System.Net;
using Slipway.ApiServer.Http;
using Slipway.ApiServer.Json;
using Slipway.ApiServer.Requests;
using Slipway.ApiServer.Storage;

namespace Slipway.ApiServer.Kinds.Services;

/// <summary>
/// Gives services their addresses and node ports, each to one service only. No network stands behind them; clients that read
/// them back, and tests that compare them, find what a cluster gives.
/// </summary>
internal sealed class ServiceAllocation(ObjectStore store, TimeProvider time)
{
    private const long FirstPort = 30_000, LastPort = 32_767;

    // 10.96.0.0/12, as most clusters choose; the first address is the API's own.
    private const uint Network = 10u << 24 | 96u << 16, Size = 1u << 20;

    // A claim holds what it took until its write is seen, or for this long if it never comes.
    private static readonly TimeSpan s_hold = TimeSpan.FromMinutes(1);

    private readonly Bucket _services = store.Bucket("/services");
    private readonly Lock _lock = new();
    private readonly Dictionary<object, (string Uid, DateTimeOffset Until)> _held = [];

    /// <exception cref="ApiException">A wanted address or port is another service's, or out of range.</exception>
    public void Allocate(ApiRequest request, JsonMap service)
    {
        if (request.Type is not { Plural: "services", Group: "" } || request.IsStatus || service.Map("spec") is not { } spec) return;
        var uid = service.Text("metadata", "uid") ?? "";
        var errors = new List<FieldError>();
        lock (_lock)
        {
            HashSet<object>? taken = null;
            HashSet<object> Taken() => taken ??= TakenByOthers(uid);
            if (spec.Text("type") != "ExternalName") Address(spec, uid, Taken, errors);
            if (ServiceStrategy.HasNodePorts(spec)) Ports(spec, uid, Taken, errors);
            if (ServiceStrategy.HasHealthPort(spec) && spec.At("healthCheckNodePort") is null or 0L) spec["healthCheckNodePort"] = Free(uid, Taken());
        }

        if (errors.Count > 0) throw Errors.Invalid(request.Type, service.Text("metadata", "name") ?? "", errors);
    }

    private void Address(JsonMap spec, string uid, Func<HashSet<object>> taken, List<FieldError> errors)
    {
        var wanted = spec.Text("clusterIP") is { Length: > 0 } given ? given : (spec.List("clusterIPs") is [string first, ..] ? first : "");
        if (wanted.Length == 0) wanted = FreeAddress(uid, taken());
        else if (wanted != "None" && spec.List("clusterIPs") is null or { Count: 0 } && Claim(wanted, uid, taken()) is { } why)
            errors.Add(FieldError.Invalid("spec.clusterIPs", JsonList.Of([wanted]), $"failed to allocate IP {wanted}: {why}"));
        spec["clusterIP"] = wanted;
        if (spec.List("clusterIPs") is null or { Count: 0 }) spec["clusterIPs"] = JsonList.Of([wanted]);
        var any = wanted == "None" && spec.Map("selector") is null or { Count: 0 } && !spec.ContainsKey("ipFamilies") && !spec.ContainsKey("ipFamilyPolicy");
        if (!spec.ContainsKey("ipFamilies")) spec["ipFamilies"] = JsonList.Of(any ? ["IPv4", "IPv6"] : ["IPv4"]);
        spec.TryAdd("ipFamilyPolicy", any ? "RequireDualStack" : "SingleStack");
    }

    private void Ports(JsonMap spec, string uid, Func<HashSet<object>> taken, List<FieldError> errors)
    {
        var place = 0;
        foreach (var port in spec.List("ports")?.Maps() ?? [])
        {
            var path = string.Create(CultureInfo.InvariantCulture, $"spec.ports[{place++}].nodePort");
            if (port.At("nodePort") is not (long and not 0 and var wanted)) port["nodePort"] = Free(uid, taken());
            else if (wanted is < FirstPort or > LastPort)
                errors.Add(FieldError.Invalid(path, wanted, "provided port is not in the valid range. The range of valid ports is 30000-32767"));
            else if (taken().Contains(wanted)) errors.Add(FieldError.Invalid(path, wanted, "provided port is already allocated"));
            else Hold(wanted, uid);
        }
    }

    private string? Claim(string address, string uid, HashSet<object> taken)
    {
        if (!IPAddress.TryParse(address, out var parsed) || !IsInside(parsed)) return "the provided network does not match the current range";
        if (taken.Contains(address)) return "provided IP is already allocated";
        Hold(address, uid);
        return null;
    }

    private static bool IsInside(IPAddress address)
    {
        var bytes = address.GetAddressBytes();
        return bytes.Length == 4 && System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(bytes) - Network < Size;
    }

    private string FreeAddress(string uid, HashSet<object> taken)
    {
        for (uint i = 0, start = Hash(uid); i < Size; i++)
        {
            var at = Network + (start + i) % (Size - 3) + 2;
            var address = string.Create(CultureInfo.InvariantCulture, $"{at >> 24}.{(at >> 16) & 255}.{(at >> 8) & 255}.{at & 255}");
            if (taken.Contains(address)) continue;
            Hold(address, uid);
            return address;
        }

        throw new ApiException(500, "InternalError", "Internal error occurred: failed to allocate a serviceIP: range is full");
    }

    private long Free(string uid, HashSet<object> taken)
    {
        const uint Count = (uint)(LastPort - FirstPort + 1);
        for (uint i = 0, start = Hash(uid); i < Count; i++)
        {
            var port = FirstPort + ((start + i) % Count);
            if (!taken.Add(port)) continue;
            Hold(port, uid);
            return port;
        }

        throw new ApiException(500, "InternalError", "Internal error occurred: failed to allocate a nodePort: range is full");
    }

    private void Hold(object what, string uid) => _held[what] = (uid, time.GetUtcNow() + s_hold);

    private HashSet<object> TakenByOthers(string uid)
    {
        var taken = new HashSet<object>();
        foreach (var stored in _services.Current.Objects)
        {
            if (stored.Metadata.Uid == uid || stored.Parse().Map("spec") is not { } spec) continue;
            foreach (var address in spec.List("clusterIPs")?.Strings() ?? []) taken.Add(address);
            foreach (var port in spec.List("ports")?.Maps() ?? [])
                if (port.At("nodePort") is long number) taken.Add(number);
            if (spec.At("healthCheckNodePort") is long health) taken.Add(health);
        }

        foreach (var (what, (owner, until)) in _held.ToList())
        {
            if (until < time.GetUtcNow()) _held.Remove(what);
            else if (owner != uid) taken.Add(what);
        }

        return taken;
    }

    private static uint Hash(string uid) => uid.Aggregate(17u, (h, c) => (h * 31) + c);
}
