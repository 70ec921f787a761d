using System.Globalization;

namespace Slipway.ApiServer.Schemas;

/// <summary>The string formats that CRD validation checks; others are notes to the reader.</summary>
internal static class Formats
{
    public static bool Fits(string format, string text) => format switch
    {
        "date-time" => DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out _) &&
            text.Contains('T', StringComparison.OrdinalIgnoreCase),
        "date" => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _),
        "uuid" or "uuid3" or "uuid4" or "uuid5" => Guid.TryParse(text, out _),
        "ipv4" => System.Net.IPAddress.TryParse(text, out var a) && a.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork,
        "ipv6" => System.Net.IPAddress.TryParse(text, out var a) && a.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6,
        "cidr" => System.Net.IPNetwork.TryParse(text, out _),
        "mac" => System.Net.NetworkInformation.PhysicalAddress.TryParse(text, out _),
        "byte" => Base64(text),
        "uri" => Uri.TryCreate(text, UriKind.Absolute, out _),
        "email" => System.Net.Mail.MailAddress.TryCreate(text, out _),
        "hostname" => Uri.CheckHostName(text) is UriHostNameType.Dns && !text.Contains('_', StringComparison.Ordinal),
        "duration" => Slipway.Cel.CelValue.ParseDuration(text) is not null,
        _ => true,
    };

    public static bool Base64(string text) => Base64Text.Fault(text) is null;
}
