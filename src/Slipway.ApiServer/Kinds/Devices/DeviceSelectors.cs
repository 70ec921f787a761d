using Slipway.ApiServer.Admission;
using Slipway.ApiServer.Http;
using Slipway.Cel;

namespace Slipway.ApiServer.Kinds.Devices;

/// <summary>The rules of expressions that choose devices: they must compile to a condition on one device.</summary>
internal static class DeviceSelectors
{
    private const int Most = 32;
    private const int LongestExpression = 10 * 1024;

    // The name of the type is never shown: what it lacks is named by field.
    private static readonly CelEnvironment s_environment = CelEnvironment.Everything.WithVariable("device", CelType.Object("kubernetes.DRADevice", new Dictionary<string, CelType>
    {
        ["driver"] = CelType.String,
        ["attributes"] = CelType.Map(CelType.String, CelType.Map(CelType.String, CelType.Dyn)),
        ["capacity"] = CelType.Map(CelType.String, CelType.Map(CelType.String, CelType.Named("kubernetes.Quantity"))),
        ["allowMultipleAllocations"] = CelType.Bool,
    }));

    public static void Check(Spot owner)
    {
        if (owner.Value.List("selectors") is { Count: > Most } many) owner.Errors.Add(FieldError.TooMany(owner.Of("selectors"), many.Count, Most));
        foreach (var selector in owner.Items("selectors").Take(Most))
        {
            if (selector.Map("cel") is not { } cel) selector.Required("cel");
            else if (cel.Text("expression") is { Length: > LongestExpression }) cel.Errors.Add(FieldError.TooLong(cel.Of("expression"), LongestExpression));
            else Expression(cel, cel.Text("expression"));
        }
    }

    private static void Expression(Spot cel, string expression)
    {
        var compiled = AdmissionCel.Compile(s_environment, expression);
        if (compiled.Fault is { } fault) cel.Invalid("expression", expression, fault);
        else if (!compiled.Program!.Type.Equals(CelType.Bool) && !compiled.Program.Type.Equals(CelType.Dyn))
            cel.Invalid("expression", expression, $"must evaluate to bool or the unknown type, not {compiled.Program.Type}");
    }
}
