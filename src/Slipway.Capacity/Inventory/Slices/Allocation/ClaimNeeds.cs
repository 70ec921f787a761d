using System.Collections.Immutable;
using System.Text.Json;
using Slipway.Capacity.Inventory.Kubernetes;

namespace Slipway.Capacity.Inventory.Slices.Allocation;

/// <summary>What a claim asks for, read once for all claims with the same words.</summary>
/// <param name="Requests">The requests, each with its alternatives.</param>
/// <param name="Constraints">What their devices have in common, or not.</param>
internal sealed record ClaimNeeds(ImmutableArray<ImmutableArray<ClaimAlternative>> Requests, ImmutableArray<ClaimConstraint> Constraints)
{
    /// <summary>Reads the spec of a ResourceClaim.</summary>
    /// <param name="spec">The spec.</param>
    /// <param name="classes">The DeviceClasses, by name.</param>
    /// <returns>The needs; or why there are none, in words.</returns>
    public static (ClaimNeeds? Needs, string? Refusal) Read(JsonElement spec, IReadOnlyDictionary<string, JsonElement> classes)
    {
        var requests = ImmutableArray.CreateBuilder<ImmutableArray<ClaimAlternative>>();
        foreach (var request in spec.At("devices").Items("requests"))
        {
            var (name, several) = (request.Text("name"), request.At("firstAvailable").ValueKind is JsonValueKind.Array);
            var alternatives = ImmutableArray.CreateBuilder<ClaimAlternative>();
            foreach (var json in several ? request.Items("firstAvailable") : [request.At("exactly")])
            {
                var (read, refusal) = DeviceRequest.Read(json, classes);
                if (read is null) return (null, $"request {name}: {refusal}");
                alternatives.Add(new(name, several ? $"{name}/{json.Text("name")}" : name, alternatives.Count, read) { IsOneOfSeveral = several });
            }

            requests.Add(alternatives.ToImmutable());
        }

        return (new(requests.ToImmutable(), [.. spec.At("devices").Items("constraints").Select(ClaimConstraint.Read)]), null);
    }
}

/// <summary>One way to satisfy a request.</summary>
/// <param name="request">The request's name.</param>
/// <param name="name">The name under which its devices stand in an allocation: the request's, or `request/alternative`.</param>
/// <param name="rank">Where it stands among its alternatives; 0 is best.</param>
/// <param name="devices">Which devices, and how many.</param>
internal sealed class ClaimAlternative(string request, string name, int rank, DeviceRequest devices)
{
    private readonly Dictionary<int, DeviceAnswer> _asked = [];

    public string Request { get; } = request;

    public string Name { get; } = name;

    public int Rank { get; } = rank;

    public DeviceRequest Devices { get; } = devices;

    /// <summary>Whether the request has others.</summary>
    public bool IsOneOfSeveral { get; init; }

    /// <summary>Whether devices are only looked at: they may be in use, and stay free for others.</summary>
    public bool IsAdmin { get; } = devices.Json.At("adminAccess").ValueKind is JsonValueKind.True;

    /// <summary>What is to be said of a device for this; asked once for each.</summary>
    public DeviceAnswer Ask(SliceDevice device)
    {
        if (!_asked.TryGetValue(device.Index, out var known)) _asked[device.Index] = known = Devices.Ask(device);
        return known;
    }

    /// <summary>Whether a device will do, used or not; else counts why not.</summary>
    public bool Accepts(SliceDevice device, Reasons reasons) => Devices.Objection(Ask(device)) is not { } objection || reasons.Because(objection.Why, objection.Failed);

    /// <summary>The same, where it was asked already.</summary>
    public DeviceAnswer? Known(SliceDevice device) => _asked.TryGetValue(device.Index, out var known) ? known : null;
}

/// <summary>What the devices of requests have in common, or what tells them apart.</summary>
/// <param name="Requests">The requests, or alternatives of them; all when empty.</param>
/// <param name="Attribute">The attribute's qualified name.</param>
/// <param name="Distinct">Whether its values differ.</param>
internal sealed record ClaimConstraint(ImmutableArray<string> Requests, string Attribute, bool Distinct)
{
    public static ClaimConstraint Read(JsonElement json) => new(
        [.. json.Items("requests").Select(static r => r.Text())],
        json.Text("matchAttribute") is { Length: > 0 } same ? same : json.Text("distinctAttribute"),
        json.Text("matchAttribute").Length == 0);

    public bool IsAbout(ClaimAlternative alternative) => Requests.IsEmpty || Requests.Contains(alternative.Request) || Requests.Contains(alternative.Name);
}
