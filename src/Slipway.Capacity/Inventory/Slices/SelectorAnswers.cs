using System.Collections.Immutable;
using Slipway.Cel;

namespace Slipway.Capacity.Inventory.Slices;

/// <summary>
/// What selectors say of devices, kept by what they read of them. The devices of a cluster are a few models many times over that differ in
/// what selectors seldom read, such as their uuid: whoever says the same in all that was read gets the same answer, for evaluation is pure.
/// </summary>
/// <param name="selectors">The selectors; all have to hold.</param>
/// <param name="limits">What one evaluation may cost.</param>
internal sealed class SelectorAnswers(ImmutableArray<Selector> selectors, CelLimits limits)
{
    // What is kept is bounded, whatever devices say: beyond this each is asked for itself.
    private const int MostKept = 4096;
    private const int MostValues = 32;

    // A class or a claim may be written to cost what is allowed on each device anew: this is a tenth of a second or so, and a plain selector costs about ten.
    private const long MostCost = 5_000_000;
    private static readonly Objection s_dear = new("selectors cost too much to look at it, so that the scheduler alone can tell", Failed: true);

    private readonly Dictionary<(string Driver, bool Shareable), Step> _first = [];
    private int _kept;
    private long _cost;

    /// <summary>How many evaluations there were.</summary>
    public int Evaluations { get; private set; }

    /// <summary>Why a device will not do; null when it does.</summary>
    public Objection? Ask(SliceDevice device)
    {
        if (!_first.TryGetValue((device.Id.Driver, device.IsShareable), out var step)) _first[(device.Id.Driver, device.IsShareable)] = step = new Step();
        while (step.Read is { } read)
        {
            if (step.Next(device.Raw(read)) is not { } next) return Learn(device);
            step = next;
        }

        return step.IsAnswered ? step.Answer : Learn(device);
    }

    private Objection? Learn(SliceDevice device)
    {
        if (_cost >= MostCost) return s_dear;
        var reads = new List<DeviceRead>();
        var answer = Evaluate(device, read =>
        {
            if (!reads.Contains(read)) reads.Add(read);
        });
        var step = _first[(device.Id.Driver, device.IsShareable)];
        foreach (var read in reads)
        {
            step.Read ??= read;
            var value = device.Raw(read);
            if (step.Next(value) is { } known)
            {
                step = known;
                continue;
            }

            if (_kept >= MostKept || step.Values.Count >= MostValues) return answer;
            _kept++;
            step = step.Add(value);
        }

        (step.IsAnswered, step.Answer) = (true, answer);
        return answer;
    }

    private Objection? Evaluate(SliceDevice device, Action<DeviceRead> read)
    {
        Evaluations++;
        var variables = new Dictionary<string, CelValue> { ["device"] = CelValue.From(new DeviceValue(device, read)) };
        foreach (var selector in selectors)
        {
            var result = selector.Program.Evaluate(variables, limits);
            _cost += result.Cost;
            if (result.IsTrue) continue;
            return result.IsSuccess ? new Objection(selector.Why(device), Failed: false) : new Objection($"a selector failed, which stops the scheduler: {result.Error}", Failed: true);
        }

        return null;
    }

    private sealed class Step
    {
        public DeviceRead? Read { get; set; }

        public bool IsAnswered { get; set; }

        public Objection? Answer { get; set; }

        public List<(byte[] Value, Step Next)> Values { get; } = [];

        public Step? Next(ReadOnlySpan<byte> value)
        {
            foreach (var (known, next) in Values)
            {
                if (value.SequenceEqual(known)) return next;
            }

            return null;
        }

        public Step Add(ReadOnlySpan<byte> value)
        {
            var next = new Step();
            Values.Add((value.ToArray(), next));
            return next;
        }
    }
}

/// <summary>Why a device will not do.</summary>
/// <param name="Why">In words.</param>
/// <param name="Failed">Whether an expression failed on it, which ends the scheduling of a pod.</param>
internal sealed record Objection(string Why, bool Failed);
