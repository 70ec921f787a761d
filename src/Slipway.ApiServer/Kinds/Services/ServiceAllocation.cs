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

    private readonly ServiceClaims _claims = new(store, time);

    /// <exception cref="ApiException">A wanted address or port is another service's, or out of range.</exception>
    public void Allocate(ApiRequest request, JsonMap service)
    {
        if (request.Type is not { Plural: "services", Group: "" } || request.IsStatus || service.Map("spec") is not { } spec) return;
        var uid = service.Text("metadata", "uid") ?? "";
        var errors = new List<FieldError>();
        if (spec.Text("type") != "ExternalName") Address(spec, uid, errors);
        if (ServiceStrategy.HasNodePorts(spec)) Ports(spec, uid, errors);
        if (ServiceStrategy.HasHealthPort(spec) && spec.At("healthCheckNodePort") is null or 0L) spec["healthCheckNodePort"] = Free(uid);
        if (errors.Count > 0) throw Errors.Invalid(request.Type, service.Text("metadata", "name") ?? "", errors);
    }

    private void Address(JsonMap spec, string uid, List<FieldError> errors)
    {
        var wanted = spec.Text("clusterIP") is { Length: > 0 } given ? given : (spec.List("clusterIPs") is [string first, ..] ? first : "");
        if (wanted.Length == 0) wanted = FreeAddress(uid);
        else if (wanted != "None" && spec.List("clusterIPs") is null or { Count: 0 } && Claim(wanted, uid) is { } why)
            errors.Add(FieldError.Invalid("spec.clusterIPs", JsonList.Of([wanted]), $"failed to allocate IP {wanted}: {why}"));
        spec["clusterIP"] = wanted;
        if (spec.List("clusterIPs") is null or { Count: 0 }) spec["clusterIPs"] = JsonList.Of([wanted]);
        var any = wanted == "None" && spec.Map("selector") is null or { Count: 0 } && !spec.ContainsKey("ipFamilies") && !spec.ContainsKey("ipFamilyPolicy");
        if (!spec.ContainsKey("ipFamilies")) spec["ipFamilies"] = JsonList.Of(any ? ["IPv4", "IPv6"] : ["IPv4"]);
        spec.TryAdd("ipFamilyPolicy", any ? "RequireDualStack" : "SingleStack");
    }

    private void Ports(JsonMap spec, string uid, List<FieldError> errors)
    {
        var place = 0;
        foreach (var port in spec.List("ports")?.Maps() ?? [])
        {
            var path = string.Create(CultureInfo.InvariantCulture, $"spec.ports[{place++}].nodePort");
            if (port.At("nodePort") is not (long and not 0 and var wanted)) port["nodePort"] = Free(uid);
            else if (wanted is < FirstPort or > LastPort)
                errors.Add(FieldError.Invalid(path, wanted, "provided port is not in the valid range. The range of valid ports is 30000-32767"));
            else if (!_claims.TryTake(wanted, uid)) errors.Add(FieldError.Invalid(path, wanted, "provided port is already allocated"));
        }
    }

    private string? Claim(string address, string uid) =>
        !IPAddress.TryParse(address, out var parsed) || !IsInside(parsed) ? "the provided network does not match the current range"
        : _claims.TryTake(address, uid) ? null : "provided IP is already allocated";

    private static bool IsInside(IPAddress address)
    {
        var bytes = address.GetAddressBytes();
        return bytes.Length == 4 && System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(bytes) - Network < Size;
    }

    private string FreeAddress(string uid)
    {
        for (uint i = 0, start = Hash(uid); i < Size; i++)
        {
            var at = Network + (start + i) % (Size - 3) + 2;
            var address = string.Create(CultureInfo.InvariantCulture, $"{at >> 24}.{(at >> 16) & 255}.{(at >> 8) & 255}.{at & 255}");
            if (_claims.TryTakeFree(address, uid)) return address;
        }

        throw new ApiException(500, "InternalError", "Internal error occurred: failed to allocate a serviceIP: range is full");
    }

    private long Free(string uid)
    {
        const uint Count = (uint)(LastPort - FirstPort + 1);
        for (uint i = 0, start = Hash(uid); i < Count; i++)
        {
            var port = FirstPort + ((start + i) % Count);
            if (_claims.TryTakeFree(port, uid)) return port;
        }

        throw new ApiException(500, "InternalError", "Internal error occurred: failed to allocate a nodePort: range is full");
    }

    private static uint Hash(string uid) => uid.Aggregate(17u, (h, c) => (h * 31) + c);
}
