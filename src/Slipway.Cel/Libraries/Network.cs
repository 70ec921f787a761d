using System.Net;
using Slipway.Cel.Functions;
using Slipway.Cel.Values;

namespace Slipway.Cel.Libraries;

/// <summary>IP addresses and CIDR ranges (cel-spec tests network_ext; k8s.io/apiserver ip and cidr libraries).</summary>
internal static class Network
{
    public static void Add(FunctionList list)
    {
        list.Add("ip(string): net.IP", a => IpValue.Parse(a[0].Text()) is var (ip, error) && ip is not null ? ip : Arg.Error(error!));
        list.Add("isIP(string): bool", a => BoolValue.Of(IpValue.Parse(a[0].Text()).Value is not null));
        list.Add("ip.isCanonical(string): bool", a => IpValue.Parse(a[0].Text()) is var (ip, error) && ip is not null ? BoolValue.Of(ip.ToString() == a[0].Text()) : Arg.Error(error!));
        list.AddCheap("string(net.IP): string", a => Arg.String(a[0].ToString()!));
        list.AddCheap("family(this net.IP): int", a => new IntValue(Ip(a[0]).IsV4 ? 4 : 6));
        Test(list, "isUnspecified", IsUnspecified);
        Test(list, "isLoopback", ip => IPAddress.IsLoopback(ip.Address));
        Test(list, "isLinkLocalMulticast", IsLinkLocalMulticast);
        Test(list, "isLinkLocalUnicast", IsLinkLocalUnicast);
        Test(list, "isGlobalUnicast", ip => !IsUnspecified(ip) && !IPAddress.IsLoopback(ip.Address) && !IsMulticast(ip) && !IsLinkLocalUnicast(ip)
            && !ip.Address.Equals(IPAddress.Broadcast));

        list.Add("cidr(string): net.CIDR", a => CidrValue.Parse(a[0].Text()) is var (cidr, error) && cidr is not null ? cidr : Arg.Error(error!));
        list.Add("isCIDR(string): bool", a => BoolValue.Of(CidrValue.Parse(a[0].Text()).Value is not null));
        list.AddCheap("string(net.CIDR): string", a => Arg.String(a[0].ToString()!));
        list.AddCheap("ip(this net.CIDR): net.IP", a => Cidr(a[0]).Ip);
        list.AddCheap("prefixLength(this net.CIDR): int", a => new IntValue(Cidr(a[0]).Bits));
        list.AddCheap("masked(this net.CIDR): net.CIDR", a => Cidr(a[0]).Masked());
        list.AddCheap("containsIP(this net.CIDR, net.IP): bool", a => BoolValue.Of(Cidr(a[0]).Contains(Ip(a[1]))));
        list.Add("containsIP(this net.CIDR, string): bool", a => IpValue.Parse(a[1].Text()) is var (ip, error) && ip is not null
            ? BoolValue.Of(Cidr(a[0]).Contains(ip))
            : Arg.Error(error!));
        list.AddCheap("containsCIDR(this net.CIDR, net.CIDR): bool", a => Contains(Cidr(a[0]), Cidr(a[1])));
        list.Add("containsCIDR(this net.CIDR, string): bool", a => CidrValue.Parse(a[1].Text()) is var (cidr, error) && cidr is not null
            ? Contains(Cidr(a[0]), cidr)
            : Arg.Error(error!));
    }

    private static IpValue Ip(CelValue value) => (IpValue)value;

    private static CidrValue Cidr(CelValue value) => (CidrValue)value;

    private static BoolValue Contains(CidrValue outer, CidrValue inner) => BoolValue.Of(inner.Bits >= outer.Bits && outer.Contains(inner.Ip));

    private static void Test(FunctionList list, string name, Func<IpValue, bool> holds) =>
        list.AddCheap($"{name}(this net.IP): bool", a => BoolValue.Of(holds(Ip(a[0]))));

    private static bool IsUnspecified(IpValue ip) => ip.Address.Equals(ip.IsV4 ? IPAddress.Any : IPAddress.IPv6Any);

    private static bool IsMulticast(IpValue ip) => ip.IsV4 ? ip.Address.GetAddressBytes()[0] is >= 224 and < 240 : ip.Address.IsIPv6Multicast;

    private static bool IsLinkLocalUnicast(IpValue ip) => ip.IsV4 ? ip.Address.GetAddressBytes() is [169, 254, ..] : ip.Address.IsIPv6LinkLocal;

    private static bool IsLinkLocalMulticast(IpValue ip)
    {
        var bytes = ip.Address.GetAddressBytes();
        return ip.IsV4 ? bytes is [224, 0, 0, _] : bytes[0] == 0xFF && (bytes[1] & 0x0F) == 2;
    }
}
