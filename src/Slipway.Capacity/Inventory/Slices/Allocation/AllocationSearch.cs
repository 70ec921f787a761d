using System.Globalization;

namespace Slipway.Capacity.Inventory.Slices.Allocation;

/// <summary>
/// One look for devices of one node that satisfy claims together. Requests are satisfied in their order, each by the first alternative that leads to
/// an answer, with devices in the order of pools and slices: what was taken is given back where it leads nowhere. As kube-scheduler 1.36 does it
/// (dynamic-resource-allocation/structured/internal/incubating).
/// </summary>
/// <param name="claims">The claims.</param>
/// <param name="devices">The devices that the node reaches.</param>
/// <param name="elsewhere">Those among them, by their index, that the node does not reach: selectors are asked of them all the same.</param>
/// <param name="use">What is left; as it was when the search is over.</param>
/// <param name="unusable">Pools of the node that are not complete or not valid, without which nobody is given all devices.</param>
internal sealed class AllocationSearch(IReadOnlyList<ClaimNeeds> claims, IReadOnlyList<SliceDevice> devices, IReadOnlySet<int> elsewhere, DeviceUse use, IReadOnlyList<UnusablePool> unusable)
{
    /// <summary>The most devices of one claim (AllocationResultsMaxSize).</summary>
    private const int MostDevices = 32;

    // Whoever writes a claim may write one without end. A node of 128 devices takes hundreds of steps for what anybody asks.
    private const int MostSteps = 20_000;

    private readonly List<DeviceGrant> _granted = [];
    private readonly Dictionary<ClaimAlternative, List<SliceDevice>> _all = [];
    private string? _failure;
    private bool _isUntold;
    private bool _checked;
    private int _steps;

    /// <summary>Looks.</summary>
    public AllocationAnswer Find()
    {
        var answer = Answer(Look());
        Back(0);
        return answer;
    }

    /// <summary>Looks again and again, each time for the same claims besides.</summary>
    /// <param name="most">Where to stop.</param>
    /// <returns>How many times there was an answer, and what came of the first look.</returns>
    public (int Times, AllocationAnswer First) Count(int most)
    {
        var (times, first, kept) = (0, default(AllocationAnswer), new List<DeviceGrant>());
        while (times < most)
        {
            var found = Look();
            first ??= Answer(found);
            if (!found) break;
            times++;
            foreach (var grant in _granted)
            {
                // What is only looked at is in nobody's way afterwards.
                if (grant.Alternative.IsAdmin) Free(grant);
                else kept.Add(grant);
            }

            _granted.Clear();
        }

        Back(0);
        foreach (var grant in kept) Free(grant);
        return (times, first!);
    }

    private bool Look()
    {
        _steps = 0;
        return Check() && Request(0, 0) && _failure is null;
    }

    private AllocationAnswer Answer(bool found)
    {
        if (_failure is not null) return new(null, _failure) { IsUntold = _isUntold };
        return found ? new([.. _granted], null) : _steps > MostSteps ? AllocationAnswer.TooManyWays : unusable.Any(static p => p.IsInvalid) ? AllocationAnswer.Invalid : AllocationAnswer.None;
    }

    // What all devices are is known before any is given; a claim that asks for too many, or for all of what is not all there, ends the scheduling of its pod.
    private bool Check()
    {
        if (_checked) return _failure is null;
        _checked = true;
        foreach (var claim in claims)
        {
            var least = 0;
            foreach (var request in claim.Requests)
            {
                foreach (var alternative in request.Where(static a => a.Devices.All))
                {
                    if (unusable.Count > 0) return Fail($"request {alternative.Request}: asks for all devices, but resource pool {unusable[0].Name} is currently {(unusable[0].IsInvalid ? "invalid" : "being updated")}");
                    _all[alternative] = [.. devices.Where(d => Chooses(alternative, d))];
                    if (_failure is not null) return false;
                }

                least += request.Min(Wanted);
            }

            if (least > MostDevices) return Fail(string.Create(CultureInfo.InvariantCulture, $"number of requested devices {least} exceeds the claim limit of {MostDevices}"));
        }

        return true;
    }

    private int Wanted(ClaimAlternative alternative) => alternative.Devices.All ? _all[alternative].Count : alternative.Devices.Count;

    private bool Request(int claim, int request)
    {
        if (claim == claims.Count) return true;
        if (request == claims[claim].Requests.Length) return Request(claim + 1, 0);
        foreach (var alternative in claims[claim].Requests[request])
        {
            if (Given(claim) + Wanted(alternative) > MostDevices) continue;
            if (alternative.Devices.All ? All(claim, request, alternative) : Devices(claim, request, alternative, 0, alternative.Devices.Count)) return true;
            if (_failure is not null) return false;
        }

        return false;
    }

    private int Given(int claim)
    {
        var given = 0;
        foreach (var grant in _granted) given += grant.Claim == claim ? 1 : 0;
        return given;
    }

    private bool All(int claim, int request, ClaimAlternative alternative)
    {
        var before = _granted.Count;
        if (_all[alternative].Count > 0 && _all[alternative].TrueForAll(d => Take(claim, alternative, d)) && Request(claim, request + 1)) return true;
        Back(before);
        return false;
    }

    private bool Devices(int claim, int request, ClaimAlternative alternative, int from, int wanted)
    {
        if (wanted == 0) return Request(claim, request + 1);
        for (var i = from; i < devices.Count; i++)
        {
            if (IsInUse(claim, alternative, devices[i]) || !Chooses(alternative, devices[i]))
            {
                if (_failure is not null) return false;
                continue;
            }

            if (++_steps > MostSteps) return false;
            // Those that are left are too few: without this, all their combinations would be tried.
            if (Left(claim, alternative, i) < wanted) return AskAll(claim, alternative, i);
            var before = _granted.Count;
            if (Take(claim, alternative, devices[i]) && Devices(claim, request, alternative, i + 1, wanted - 1)) return true;
            Back(before);
            if (_failure is not null || _steps > MostSteps) return false;
        }

        return false;
    }

    // Those that have not been asked yet may do.
    private int Left(int claim, ClaimAlternative alternative, int from)
    {
        var left = 0;
        for (var i = from; i < devices.Count; i++)
        {
            if (!IsInUse(claim, alternative, devices[i]) && !elsewhere.Contains(devices[i].Index) && alternative.Known(devices[i]) is not { Does: false } && Agrees(claim, alternative, devices[i])) left++;
        }

        return left;
    }

    // Whoever looks on where nothing is to be found still meets the device on which an expression fails.
    private bool AskAll(int claim, ClaimAlternative alternative, int from)
    {
        for (var i = from; i < devices.Count && _failure is null; i++)
        {
            if (!IsInUse(claim, alternative, devices[i])) Chooses(alternative, devices[i]);
        }

        return false;
    }

    private bool Chooses(ClaimAlternative alternative, SliceDevice device)
    {
        var answer = alternative.Ask(device);
        if (answer.Selector is { Failed: true } failed)
        {
            _isUntold = true;
            return Fail(failed.Why);
        }

        return answer is { Selector: null, Shares: not null } && !elsewhere.Contains(device.Index);
    }

    // What is only looked at may be another's, and yet a claim has it once.
    private bool IsInUse(int claim, ClaimAlternative alternative, SliceDevice device)
    {
        if (device.IsShareable) return false;
        return alternative.IsAdmin ? _granted.Exists(g => g.Claim == claim && g.Device.Index == device.Index) : use.IsTaken(device);
    }

    private bool Take(int claim, ClaimAlternative alternative, SliceDevice device)
    {
        var answer = alternative.Ask(device);
        if (IsInUse(claim, alternative, device) || answer.Taint is not null || answer.Shares is not { } shares || !use.HasRoom(device, shares)) return false;
        if (!Agrees(claim, alternative, device))
            return alternative.Devices.All && Fail($"request {alternative.Request}: cannot add device {device.Id.Driver}/{device.Id.Pool}/{device.Id.Name} because a claim constraint would not be satisfied");
        use.Take(device, shares);
        _granted.Add(new(claim, alternative, device, shares));
        return true;
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

    private bool Fail(string why)
    {
        _failure ??= why;
        return false;
    }

    private void Back(int to)
    {
        for (var i = _granted.Count - 1; i >= to; i--) Free(_granted[i]);
        _granted.RemoveRange(to, _granted.Count - to);
    }

    private void Free(DeviceGrant grant) => use.GiveBack(grant.Device, grant.Shares);
}
