using Slipway.ApiServer.Json;

namespace Slipway.ApiServer.Schemas;

/// <summary>Fills what is not given with the schema's defaults, outermost first so that a default object is itself completed.</summary>
internal static class Defaulter
{
    // Amounts may be given as numbers and in many forms; they are kept and shown as text in one.
    private const string Quantity = "quantity";

    public static void Apply(object? value, Schema schema)
    {
        switch (value)
        {
            case JsonMap map:
                foreach (var (name, property) in schema.Properties)
                {
                    var given = map.TryGetValue(name, out var member);
                    if (given && property.OmitsZero && IsZero(member))
                    {
                        map.Remove(name);
                        (given, member) = (false, null);
                    }

                    // A null where null is not allowed counts as not given (CRD defaulting and nullable).
                    if (property.HasDefault && (!given || (member is null && !property.Nullable)))
                        map[name] = member = JsonValues.Copy(property.Default);
                    if (member is JsonMap or JsonList) Apply(member, property);
                    else if (property is { IntOrString: true, Format: Quantity } && member is not null) map[name] = Canonical(member);
                }

                if (schema.AdditionalProperties is { } additional && !ReferenceEquals(additional, Schema.Anything))
                {
                    foreach (var (name, member) in map.ToList())
                    {
                        if (member is JsonMap or JsonList && !schema.Properties.ContainsKey(name)) Apply(member, additional);
                        else if (additional is { IntOrString: true, Format: Quantity } && member is not null) map[name] = Canonical(member);
                    }
                }

                break;
            case JsonList list when schema.Items is { } items:
                foreach (var item in list)
                    if (item is JsonMap or JsonList) Apply(item, items);
                break;
        }
    }

    private static object? Canonical(object? amount) => Amount.Canonical(amount as string ?? JsonText.Of(amount));

    private static bool IsZero(object? value) => value is "" or 0L or false or JsonList { Count: 0 } or JsonMap { Count: 0 };

    /// <summary>Drops members that are null where the schema knows no null, as typed clients expect.</summary>
    public static void DropNulls(object? value, Schema schema)
    {
        switch (value)
        {
            case JsonMap map:
                List<string>? remove = null;
                foreach (var (name, member) in map)
                {
                    var inner = schema.Member(name);
                    if (ReferenceEquals(inner, Schema.Anything)) continue;
                    if (member is null && inner is { Nullable: false, PreserveUnknown: false }) (remove ??= []).Add(name);
                    else if (inner is not null) DropNulls(member, inner);
                }

                foreach (var name in remove ?? []) map.Remove(name);
                break;
            case JsonList list when schema.Items is { } items:
                foreach (var item in list) DropNulls(item, items);
                break;
        }
    }
}
