using Slipway.ApiServer.Json;
using Slipway.Cel;

namespace Slipway.ApiServer.Admission;

/// <summary>The expressions that all must hold for a webhook or policy to be asked.</summary>
internal sealed class MatchConditions
{
    private readonly List<CelExpression> _conditions = [];

    public bool IsEmpty => _conditions.Count == 0;

    public static MatchConditions Read(JsonList? conditions, CelEnvironment environment)
    {
        var read = new MatchConditions();
        foreach (var condition in conditions?.Maps() ?? [])
            read._conditions.Add(AdmissionCel.Compile(environment, (condition.Text("expression") ?? "").Trim(), CelType.Bool));
        return read;
    }

    /// <summary>Decides whether all hold. One that is false decides; else one that fails is an error, or a no where failures are ignored.</summary>
    public (bool Matches, string? Error) Evaluate(AdmissionActivation activation, bool ignoresFailures)
    {
        List<string>? errors = null;
        foreach (var condition in _conditions)
        {
            var (value, error) = condition.Evaluate(activation);
            if (error is not null) (errors ??= []).Add(error);
            else if (!value!.Equals(CelValue.From(true))) return (false, null);
        }

        if (errors is null) return (true, null);
        return (false, ignoresFailures ? null : errors.Count == 1 ? errors[0] : $"[{string.Join(", ", errors)}]");
    }
}
