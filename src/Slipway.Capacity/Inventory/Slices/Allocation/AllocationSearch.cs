using System.Collections.Immutable;

namespace Slipway.Capacity.Inventory.Slices.Allocation;

/// <summary>
/// One look for devices of one node that satisfy claims together. Requests are satisfied in their order, each by the first alternative that leads to
/// an answer, with devices in the order of their slices: what was taken is given back where it leads nowhere (dynamic-resource-allocation/structured).
/// </summary>
/// <param name="claims">The claims.</param>
/// <param name="devices">The devices that the node reaches.</param>
/// <param name="use">What is left; as it was when the search is over.</param>
/// <param name="isComplete">Whether all devices of the node are known, without which nobody is given all of them.</param>
internal sealed class AllocationSearch(IReadOnlyList<ClaimNeeds> claims, IReadOnlyList<SliceDevice> devices, DeviceUse use, bool isComplete)
{
    // Whoever writes a claim may write one without end. A node of 128 devices takes hundreds of steps for what anybody asks.
    private const int MostSteps = 20_000;

    private readonly List<DeviceGrant> _granted = [];
    private readonly Dictionary<ClaimAlternative, (List<SliceDevice> Devices, string? Failure)> _accepted = [];
    private string? _failure;
    private int _steps;

    /// <summary>Looks.</summary>
    public AllocationAnswer Find()
    {
        var found = Request(0, 0);
        foreach (var grant in _granted) Free(grant);
        return _failure is not null ? new(null, _failure) : found ? new([.. _granted], null) : AllocationAnswer.None;
    }

    private bool Request(int claim, int request)
    {
        if (claim == claims.Count) return true;
        if (request == claims[claim].Requests.Length) return Request(claim + 1, 0);
        foreach (var alternative in claims[claim].Requests[request])
        {
            var accepted = Accepted(alternative);
            if (_failure is not null) return false;
            if (alternative.Devices.All ? All(claim, request, alternative, accepted) : Devices(claim, request, alternative, accepted, 0, alternative.Devices.Count)) return true;
        }

        return false;
    }

    private bool All(int claim, int request, ClaimAlternative alternative, List<SliceDevice> accepted)
    {
        var before = _granted.Count;
        if (isComplete && accepted.Count > 0 && accepted.TrueForAll(d => Take(claim, alternative, d)) && Request(claim, request + 1)) return true;
        Back(before);
        return false;
    }

    private bool Devices(int claim, int request, ClaimAlternative alternative, List<SliceDevice> accepted, int from, int wanted)
    {
        if (wanted == 0) return Request(claim, request + 1);
        for (var i = from; i < accepted.Count; i++)
        {
            if (++_steps > MostSteps || _failure is not null) return false;
            // Those that are left are too few: without this, all their combinations would be tried.
            if (Left(claim, alternative, accepted, i) < wanted) return false;
            var before = _granted.Count;
            if (Take(claim, alternative, accepted[i]) && Devices(claim, request, alternative, accepted, i + 1, wanted - 1)) return true;
            Back(before);
        }

        return false;
    }

    private int Left(int claim, ClaimAlternative alternative, List<SliceDevice> accepted, int from)
    {
        var left = 0;
        for (var i = from; i < accepted.Count; i++)
        {
            if (Shares(claim, alternative, accepted[i]) is not null && Agrees(claim, alternative, accepted[i])) left++;
        }

        return left;
    }

    private bool Take(int claim, ClaimAlternative alternative, SliceDevice device)
    {
        if (Shares(claim, alternative, device) is not { } shares || !Agrees(claim, alternative, device)) return false;
        if (!alternative.IsAdmin) use.Take(device, shares);
        _granted.Add(new(claim, alternative, device, shares));
        return true;
    }

    // What is taken of a device; null where it cannot be had. A claim has a device once, shared or not.
    private ImmutableArray<(string Name, long Amount)>? Shares(int claim, ClaimAlternative alternative, SliceDevice device)
    {
        if (_granted.Exists(g => g.Device.Index == device.Index && g.Claim == claim && (g.Alternative.Request == alternative.Request || !alternative.IsAdmin))) return null;
        if (alternative.IsAdmin) return [];
        return DeviceShares.Of(device, alternative.Devices.Shares) is { } shares && use.IsFree(device, shares) ? shares : null;
    }

    private bool Agrees(int claim, ClaimAlternative alternative, SliceDevice device)
    {
        foreach (var constraint in claims[claim].Constraints)
        {
            if (!constraint.IsAbout(alternative)) continue;
            if (device.Attribute(constraint.Attribute) is not { } value) return false;
            foreach (var grant in _granted)
            {
                if (grant.Claim == claim && constraint.IsAbout(grant.Alternative) && (grant.Device.Attribute(constraint.Attribute) == value) == constraint.Distinct) return false;
            }
        }

        return true;
    }

    private List<SliceDevice> Accepted(ClaimAlternative alternative)
    {
        if (!_accepted.TryGetValue(alternative, out var known))
        {
            known = ([], null);
            foreach (var device in devices)
            {
                if (alternative.Objection(device) is not { } objection) known.Devices.Add(device);
                else if (objection.Failed) known.Failure ??= objection.Why;
            }

            _accepted[alternative] = known;
        }

        _failure ??= known.Failure;
        return known.Devices;
    }

    private void Back(int to)
    {
        for (var i = _granted.Count - 1; i >= to; i--) Free(_granted[i]);
        _granted.RemoveRange(to, _granted.Count - to);
    }

    private void Free(DeviceGrant grant)
    {
        if (!grant.Alternative.IsAdmin) use.GiveBack(grant.Device, grant.Shares);
    }
}
