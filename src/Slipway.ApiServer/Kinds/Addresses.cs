using System.Net;

namespace Slipway.ApiServer.Kinds;

/// <summary>What several kinds say of addresses.</summary>
internal static class Addresses
{
    public const string Fault = "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)";

    public const string NetworkFault = "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)";

    /// <summary>
    /// Gets why traffic must not be sent to an address behind a service, or <see langword="null"/>. Upstream refuses loopback addresses, too;
    /// here what a service stands for may well run on this machine.
    /// </summary>
    public static string? UnfitEndpoint(IPAddress address) => IPAddress.IsLoopback(address) ? null : Unfit(address);

    /// <summary>Gets why traffic must not be sent to an address, or <see langword="null"/>.</summary>
    public static string? Unfit(IPAddress address)
    {
        if (address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any)) return $"may not be unspecified ({address})";
        if (IPAddress.IsLoopback(address)) return "may not be in the loopback range (127.0.0.0/8, ::1/128)";
        var bytes = address.GetAddressBytes();
        if ((bytes.Length == 4 && bytes[0] == 169 && bytes[1] == 254) || address.IsIPv6LinkLocal) return "may not be in the link-local range (169.254.0.0/16, fe80::/10)";
        if ((bytes.Length == 4 && bytes[0] == 224 && bytes[1] == 0 && bytes[2] == 0) || (address.IsIPv6Multicast && bytes[1] == 2))
            return "may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)";
        return null;
    }
}
