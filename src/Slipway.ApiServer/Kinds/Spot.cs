using System.Globalization;
using Slipway.ApiServer.Http;
using Slipway.ApiServer.Json;

namespace Slipway.ApiServer.Kinds;

/// <summary>An object under validation, where it lies, and the list that its faults go to.</summary>
internal readonly record struct Spot(JsonMap Value, string Path, List<FieldError> Errors)
{
    public string Of(string name) => Path.Length == 0 ? name : $"{Path}.{name}";

    public string Text(string name) => Value.Text(name) ?? "";

    public long? Number(string name) => Value.At(name) as long?;

    public bool Has(string name) => Value.At(name) is not null;

    /// <summary>Gets the object at a member, if there is one.</summary>
    public Spot? Map(string name) => Value.Map(name) is { } map ? new(map, Of(name), Errors) : null;

    /// <summary>Gets the objects in the list at a member, each with its place.</summary>
    public IEnumerable<Spot> Items(string name)
    {
        if (Value.List(name) is not { } list) yield break;
        for (var i = 0; i < list.Count; i++)
            if (list[i] is JsonMap map) yield return new(map, ItemPath(name, i), Errors);
    }

    /// <summary>Gets the texts in the list at a member, each with its path.</summary>
    public IEnumerable<(string Text, string Path)> Texts(string name)
    {
        if (Value.List(name) is not { } list) yield break;
        for (var i = 0; i < list.Count; i++)
            if (list[i] is string text) yield return (text, ItemPath(name, i));
    }

    public void Required(string name, string detail = "") => Errors.Add(FieldError.Required(Of(name), detail));

    public void Invalid(string name, object? value, string detail) => Errors.Add(FieldError.Invalid(Of(name), value, detail));

    public void Forbidden(string name, string detail) => Errors.Add(FieldError.Forbidden(Of(name), detail));

    public void NotSupported(string name, object? value, params IEnumerable<string> supported) => Errors.Add(FieldError.NotSupported(Of(name), value, supported));

    public void Duplicate(string name, object? value) => Errors.Add(FieldError.Duplicate(Of(name), value));

    public void NotFound(string name, string value, string detail = "") => Errors.Add(FieldError.NotFound(Of(name), value, detail));

    /// <summary>Checks a text that must be given and keep to a rule.</summary>
    public void Name(string name, Func<string, string?> fault)
    {
        if (Text(name) is not { Length: > 0 } text) Required(name);
        else if (fault(text) is { } why) Invalid(name, text, why);
    }

    /// <summary>Checks a text, where it is given, against a rule.</summary>
    public void Fits(string name, Func<string, string?> fault)
    {
        if (Text(name) is { Length: > 0 } text && fault(text) is { } why) Invalid(name, text, why);
    }

    /// <summary>Checks that a number, where it is given, is none below zero.</summary>
    public void NotNegative(string name)
    {
        if (Number(name) is < 0 and var number) Invalid(name, number, "must be greater than or equal to 0");
    }

    public void Within(string name, long least, long most)
    {
        if (Number(name) is { } number && (number < least || number > most)) Invalid(name, number, Range(least, most));
    }

    /// <summary>Checks that a text is one of a few; absent ones are left to defaults.</summary>
    public void OneOf(string name, params string[] supported)
    {
        if (Value.At(name) is string text && !supported.Contains(text, StringComparer.Ordinal)) NotSupported(name, text, supported);
    }

    public static string Range(long least, long most) => string.Create(CultureInfo.InvariantCulture, $"must be between {least} and {most}, inclusive");

    private string ItemPath(string name, int index) => string.Create(CultureInfo.InvariantCulture, $"{Of(name)}[{index}]");
}
