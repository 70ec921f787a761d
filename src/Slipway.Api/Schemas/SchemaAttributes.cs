namespace Slipway.Api.Schemas;

/// <summary>The value that the server fills in when the field is absent.</summary>
/// <param name="value">The default: a string, number, boolean, or an enum member.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SchemaDefaultAttribute(object value) : Attribute
{
    /// <summary>The default.</summary>
    public object Value { get; } = value;
}

/// <summary>The list is a map keyed by this property of its items (`x-kubernetes-list-type: map`).</summary>
/// <param name="key">The property that tells items apart, as written in JSON.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ListMapAttribute(string key) : Attribute
{
    /// <summary>The property that tells items apart.</summary>
    public string Key { get; } = key;
}

/// <summary>The object is replaced as a whole, never merged (`x-kubernetes-map-type: atomic`).</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class AtomicMapAttribute : Attribute;

/// <summary>The object keeps fields that the schema does not name (`x-kubernetes-preserve-unknown-fields`).</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class PreserveUnknownFieldsAttribute : Attribute;

/// <summary>A rule that the server holds objects of this shape to (`x-kubernetes-validations`).</summary>
/// <param name="rule">The rule in CEL, over `self`.</param>
/// <param name="message">What is said when it does not hold.</param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
public sealed class SchemaRuleAttribute(string rule, string message) : Attribute
{
    /// <summary>The rule in CEL.</summary>
    public string Rule { get; } = rule;

    /// <summary>What is said when it does not hold.</summary>
    public string Message { get; } = message;
}
