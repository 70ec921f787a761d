using System.Globalization;
using System.Text.RegularExpressions;

namespace Slipway.Api.ModelDeployments.Accelerators;

/// <summary>The rules of `accelerators`.</summary>
internal static partial class AcceleratorRules
{
    // Limits of resource.k8s.io/v1: DeviceAttributeMaxValueLength, CELSelectorExpressionMaxLength and DeviceSelectorsMaxSize.
    private const int LongestValue = 64;
    private const int LongestExpression = 10 * 1024;
    private const int MostSelectors = 32;

    /// <summary>Looks over all that a spec asks for.</summary>
    public static void Check(ModelDeploymentSpec spec, List<FieldError> errors)
    {
        Role("spec.resources", spec.Resources?.Gpu, spec.Resources?.Accelerators, errors);
        Role("spec.scaling.prefill", spec.Scaling?.Prefill?.Gpu, spec.Scaling?.Prefill?.Accelerators, errors);
        Role("spec.scaling.decode", spec.Scaling?.Decode?.Gpu, spec.Scaling?.Decode?.Accelerators, errors);
    }

    private static void Role(string role, GpuSpec? gpu, AcceleratorsSpec? asked, List<FieldError> errors)
    {
        if (asked is null) return;
        var path = $"{role}.accelerators";
        if (gpu is not null) errors.Add(new(path, $"and {role}.gpu exclude each other: both together would take the devices twice"));
        if (asked.Count is < 1 or > 128) errors.Add(new($"{path}.count", "must be 1 to 128"));
        if (asked.Mode is AcceleratorMode.ExtendedResource && asked.Richest() is { } field)
            errors.Add(new($"{path}.{field}", "needs a claim: an extended resource says how many and no more. Set mode to Auto or DRA"));
        if (asked.ResourceClaimName is not null && asked.Richest(apartFromClaim: true) is { } further)
            errors.Add(new($"{path}.{further}", "is for the claim to say that resourceClaimName names"));
        if (asked.ReplicaClaimTemplateName is { } shared && !Subdomain().IsMatch(shared)) errors.Add(new($"{path}.replicaClaimTemplateName", $"\"{shared}\" is no name of a ResourceClaimTemplate"));
        Selection(path, asked, errors);
        foreach (var attribute in asked.MatchAttribute?.Where(a => !Qualified().IsMatch(a)) ?? []) errors.Add(new($"{path}.matchAttribute", Unqualified(attribute)));
        if (asked.FirstAvailable is not { } alternatives) return;
        if (alternatives.Count > 8) errors.Add(new($"{path}.firstAvailable", "has more than 8 entries, which is what a claim takes"));
        foreach (var twice in alternatives.GroupBy(a => a.Name).Where(g => g.Count() > 1)) errors.Add(new($"{path}.firstAvailable[{twice.Key}]", "is there twice: give each alternative a name of its own"));
        foreach (var alternative in alternatives)
        {
            var at = $"{path}.firstAvailable[{alternative.Name}]";
            if (!Label().IsMatch(alternative.Name)) errors.Add(new($"{at}.name", "must be a DNS label: small letters, digits and '-'"));
            Selection(at, alternative, errors);
            if (Selectors(asked) + Selectors(alternative) > MostSelectors) errors.Add(new(at, $"comes to more than {MostSelectors} selectors together with what is asked for beside it, which is what a request takes"));
        }
    }

    private static void Selection(string path, DeviceSelection asked, List<FieldError> errors)
    {
        if (asked.DeviceClassName is { } name && !Subdomain().IsMatch(name)) errors.Add(new($"{path}.deviceClassName", $"\"{name}\" is no name of a DeviceClass"));
        if (asked.MinMemory is { } memory && memory.Amount() is not > 0) errors.Add(new($"{path}.minMemory", $"\"{memory}\" is no amount of memory: write it as 80G"));
        Texts($"{path}.models", asked.Models, errors);
        Texts($"{path}.architectures", asked.Architectures, errors);
        foreach (var attribute in asked.Attributes ?? []) Attribute($"{path}.attributes[{attribute.Key}]", attribute, errors);
        foreach (var expression in asked.Selectors ?? [])
        {
            if (string.IsNullOrWhiteSpace(expression) || expression.Length > LongestExpression)
                errors.Add(new($"{path}.selectors", $"has an expression that is empty or longer than {LongestExpression} characters"));
        }

        if (asked.Partition is { } partition && partition.Profile.Length is 0 or > LongestValue) errors.Add(new($"{path}.partition.profile", "must be the driver's name for the partition, such as 3g.40gb"));
        foreach (var (key, value) in asked.Capacity ?? new Dictionary<string, Meta.Quantity>())
        {
            if (!Capacity().IsMatch(key)) errors.Add(new($"{path}.capacity[{key}]", "is no name of a capacity: memory, or gpu.example.com/memory"));
            if (value.Amount() is not > 0) errors.Add(new($"{path}.capacity[{key}]", $"\"{value}\" is no amount: write it as 30G"));
        }
    }

    private static void Texts(string path, IReadOnlyList<string>? texts, List<FieldError> errors)
    {
        if (texts?.Any(t => t.Length is 0 or > LongestValue) == true) errors.Add(new(path, $"has an entry that is empty or longer than {LongestValue} characters, which is what an attribute holds"));
    }

    private static void Attribute(string path, AttributeRequirement asked, List<FieldError> errors)
    {
        if (!Qualified().IsMatch(asked.Key)) errors.Add(new($"{path}.key", Unqualified(asked.Key)));
        var type = asked.Type ?? AttributeType.String;
        var values = asked.Values ?? [];
        switch (asked.Operator ?? AttributeOperator.In)
        {
            case AttributeOperator.Exists or AttributeOperator.DoesNotExist when values.Count > 0:
                errors.Add(new($"{path}.values", "must be absent for Exists and DoesNotExist"));
                break;
            case AttributeOperator.In or AttributeOperator.NotIn when values.Count == 0:
                errors.Add(new($"{path}.values", "must name at least one value for In and NotIn"));
                break;
            case AttributeOperator.AtLeast or AttributeOperator.AtMost when values.Count != 1 || type is not (AttributeType.Int or AttributeType.Version):
                errors.Add(new($"{path}.values", "must be one value, of type Int or Version, for AtLeast and AtMost"));
                break;
        }

        foreach (var value in values.Where(v => !Fits(v, type))) errors.Add(new($"{path}.values", $"\"{value}\" is no {type}: set type to what the driver publishes"));
    }

    private static bool Fits(string value, AttributeType type) => type switch
    {
        AttributeType.Int => long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _),
        AttributeType.Bool => value is "true" or "false",
        AttributeType.Version => value.Length <= LongestValue && Version().IsMatch(value),
        _ => value.Length <= LongestValue,
    };

    // One selector for each, as the renderer writes them.
    private static int Selectors(DeviceSelection asked) =>
        (asked.Attributes?.Count ?? 0) + (asked.Selectors?.Count ?? 0) + (asked.MinMemory is null ? 0 : 1) + (asked.Models is null ? 0 : 1) + (asked.Architectures is null ? 0 : 1) + (asked.Partition is null ? 0 : 1);

    private static string Unqualified(string name) => $"\"{name}\" is no qualified name: write it as DOMAIN/NAME, such as gpu.nvidia.com/architecture";

    [GeneratedRegex(@"^[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?/[A-Za-z_][A-Za-z0-9_]{0,31}$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Qualified();

    [GeneratedRegex(@"^([a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?/)?[A-Za-z_][A-Za-z0-9_]{0,31}$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Capacity();

    [GeneratedRegex(@"^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Subdomain();

    [GeneratedRegex("^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Label();

    [GeneratedRegex(@"^(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Version();
}
