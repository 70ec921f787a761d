using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Slipway.ApiServer.Http;

namespace Slipway.ApiServer.Kinds.Services;

/// <summary>The rules of a service's own addresses, in a cluster that has IPv4 only.</summary>
internal static class AddressRules
{
    public static void Check(Spot spec, string type, bool headless)
    {
        var one = spec.Text("clusterIP");
        var all = spec.Texts("clusterIPs").Select(i => i.Text).ToList();
        if (all.Count == 0 && one.Length > 0) all.Add(one);
        if (one.Length > 0 && all[0] != one) spec.Invalid("clusterIPs", spec.Value.At("clusterIPs"), "first value must match `clusterIP`");
        for (var i = 0; i < all.Count; i++)
        {
            var place = string.Create(CultureInfo.InvariantCulture, $"clusterIPs[{i}]");
            if (all[i] == "None")
            {
                if (type != "ClusterIP") spec.Invalid(place, "None", $"may not be set to 'None' for {type} services");
                if (all.Count > 1) spec.Invalid(place, "None", "may not be set to 'None' with other addresses");
            }
            else if (!IPAddress.TryParse(all[i], out var address))
            {
                spec.Invalid(place, all[i], Addresses.Fault);
            }
            else if (spec.Texts("ipFamilies").ElementAtOrDefault(i).Text is { } family && family != FamilyOf(address))
            {
                spec.Invalid(place, all[i], $"expected an {family} value as indicated by `ipFamilies[{i.ToString(CultureInfo.InvariantCulture)}]`");
                return;
            }
        }

        Families(spec, headless && spec.Value.Map("selector") is null or { Count: 0 });
    }

    public static string FamilyOf(IPAddress address) => address.AddressFamily == AddressFamily.InterNetworkV6 ? "IPv6" : "IPv4";

    // Without a selector nobody here makes the addresses, so that they may be of families that the cluster lacks.
    private static void Families(Spot spec, bool any)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (family, path) in spec.Texts("ipFamilies"))
        {
            if (family is not ("IPv4" or "IPv6")) spec.Errors.Add(FieldError.NotSupported(path, family, ["IPv4", "IPv6"]));
            else if (!seen.Add(family)) spec.Errors.Add(FieldError.Duplicate(path, family));
            else if (family == "IPv6" && !any) spec.Errors.Add(FieldError.Invalid(path, family, "not configured on this cluster"));
        }

        spec.OneOf("ipFamilyPolicy", "PreferDualStack", "RequireDualStack", "SingleStack");
        if (spec.Text("ipFamilyPolicy") == "RequireDualStack" && !any)
            spec.Invalid("ipFamilyPolicy", "RequireDualStack", "this cluster is not configured for dual-stack services");
    }
}
