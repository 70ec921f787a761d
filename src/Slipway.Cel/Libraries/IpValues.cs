using System.Buffers;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Slipway.Cel.Values;

namespace Slipway.Cel.Libraries;

internal sealed class IpValue(IPAddress address) : OpaqueValue(TypeNames.Ip)
{
    private static readonly SearchValues<char> s_digits = SearchValues.Create("0123456789abcdefABCDEF:.");

    public IPAddress Address { get; } = address;

    public bool IsV4 => Address.AddressFamily == AddressFamily.InterNetwork;

    /// <summary>Strictly: four decimal parts without leading zeros, or IPv6 without zone; an IPv4-mapped address is refused where it is spelled with dots.</summary>
    public static (IpValue? Value, string? Error) Parse(string text)
    {
        if (text.Contains('%', StringComparison.Ordinal)) return (null, $"IP Address \"{text}\" with zone value is not allowed");
        var isV6 = text.Contains(':', StringComparison.Ordinal);
        if (text.AsSpan().ContainsAnyExcept(s_digits) || !(isV6 ? IsV6(text) : IsDotted(text)) || !IPAddress.TryParse(text, out var address))
        {
            return (null, $"IP Address \"{text}\" parse error during conversion from string: {Reason(text, isV6)}");
        }

        if (!address.IsIPv4MappedToIPv6) return (new IpValue(address), null);
        return text.Contains('.', StringComparison.Ordinal)
            ? (null, $"IPv4-mapped IPv6 address \"{text}\" is not allowed")
            : (new IpValue(address.MapToIPv4()), null);
    }

    private static bool IsDotted(string text)
    {
        var parts = text.Split('.');
        return parts.Length == 4 && Array.TrueForAll(parts, p => p.Length is >= 1 and <= 3 && (p.Length == 1 || p[0] != '0') && p.All(char.IsAsciiDigit) && byte.TryParse(p, out _));
    }

    private static bool IsV6(string text)
    {
        var dot = text.IndexOf('.', StringComparison.Ordinal);
        return dot < 0 || IsDotted(text[(text.LastIndexOf(':') + 1)..]);
    }

    private static string Reason(string text, bool isV6)
    {
        var why = isV6 ? "each colon-separated field must have at least one digit (at \":68\")" : "unable to parse IP";
        if (isV6 && text.IndexOf(":::", StringComparison.Ordinal) is var at and >= 0) why = $"each colon-separated field must have at least one digit (at \"{text[(at + 2)..]}\")";
        if (!isV6 && text.Split('.').Length > 4) why = "IPv4 address too long";
        return $"ParseAddr(\"{text}\"): {why}";
    }

    public override int GetHashCode() => Address.GetHashCode();

    /// <summary>As RFC 5952 writes it; .NET would put dots into some IPv6 addresses that have none.</summary>
    public override string ToString()
    {
        if (IsV4) return Address.ToString();
        var bytes = Address.GetAddressBytes();
        var groups = Enumerable.Range(0, 8).Select(i => bytes[2 * i] << 8 | bytes[2 * i + 1]).ToArray();
        var (start, length) = LongestZeros(groups);
        var parts = groups.Select(g => g.ToString("x", CultureInfo.InvariantCulture)).ToArray();
        return length < 2
            ? string.Join(':', parts)
            : $"{string.Join(':', parts[..start])}::{string.Join(':', parts[(start + length)..])}";
    }

    private static (int Start, int Length) LongestZeros(int[] groups)
    {
        var best = (Start: 0, Length: 0);
        for (var i = 0; i < groups.Length; i++)
        {
            var end = i;
            while (end < groups.Length && groups[end] == 0) end++;
            if (end - i > best.Length) best = (i, end - i);
        }

        return best;
    }

    internal override bool IsEqual(CelValue other) => other is IpValue ip && ip.Address.Equals(Address);
}

internal sealed class CidrValue(IpValue ip, int bits) : OpaqueValue(TypeNames.Cidr)
{
    public IpValue Ip { get; } = ip;

    public int Bits { get; } = bits;

    public static (CidrValue? Value, string? Error) Parse(string text)
    {
        (CidrValue?, string?) Bad(string why) =>
            (null, $"network address parse error during conversion from string: network address parse error during conversion from string: netip.ParsePrefix(\"{text}\"): {why}");
        var slash = text.LastIndexOf('/');
        if (slash < 0) return Bad("no '/'");
        var (ip, error) = IpValue.Parse(text[..slash]);
        if (ip is null) return error!.StartsWith("IP Address", StringComparison.Ordinal) && error.Contains("zone", StringComparison.Ordinal)
            ? (null, $"CIDR \"{text}\" with zone value is not allowed")
            : error.StartsWith("IPv4", StringComparison.Ordinal) ? (null, error) : Bad(error);
        var digits = text[(slash + 1)..];
        if (digits.Length is 0 or > 3 || digits.Length > 1 && digits[0] == '0' || !digits.All(char.IsAsciiDigit)) return Bad($"bad bits after slash: \"{digits}\"");
        var bits = int.Parse(digits);
        return bits <= (ip.IsV4 ? 32 : 128) ? (new CidrValue(ip, bits), null) : Bad("prefix length out of range");
    }

    public CidrValue Masked() => new(new IpValue(new IPNetwork(Mask(Ip.Address), Bits).BaseAddress), Bits);

    public bool Contains(IpValue other) => other.IsV4 == Ip.IsV4 && Mask(other.Address).Equals(Mask(Ip.Address));

    public override int GetHashCode() => HashCode.Combine(Ip, Bits);

    public override string ToString() => $"{Ip}/{Bits}";

    internal override bool IsEqual(CelValue other) => other is CidrValue cidr && cidr.Bits == Bits && cidr.Ip.IsEqual(Ip);

    private IPAddress Mask(IPAddress address)
    {
        var bytes = address.GetAddressBytes();
        for (var i = 0; i < bytes.Length; i++) bytes[i] &= (byte)(0xFF00 >> Math.Clamp(Bits - i * 8, 0, 8));
        return new IPAddress(bytes);
    }
}
