using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;

namespace Slipway.Web.Access;

/// <summary>Where a request comes from.</summary>
internal static class ClientAddress
{
    private const int HouseholdBytes = 8;

    /// <summary>The address of the client; of IPv6 the first 64 bits, since a household has all that begin with them.</summary>
    /// <param name="context">The request.</param>
    public static string Of(HttpContext context)
    {
        var peer = context.Connection.RemoteIpAddress;
        // What a proxy on this machine says; of several addresses the last is its own word, the others are whatever it was told.
        if (peer is not null && IPAddress.IsLoopback(peer) && IPAddress.TryParse(context.Request.Headers["X-Forwarded-For"].ToString().Split(',')[^1].Trim(), out var said)) peer = said;
        if (peer is null) return "unknown";
        if (peer.IsIPv4MappedToIPv6) peer = peer.MapToIPv4();
        return peer.AddressFamily is AddressFamily.InterNetworkV6 && !IPAddress.IsLoopback(peer) ? $"{new IPAddress([.. peer.GetAddressBytes()[..HouseholdBytes], .. new byte[HouseholdBytes]])}/64" : peer.ToString();
    }
}
