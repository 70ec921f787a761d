using System.Globalization;
using Slipway.ApiServer.Json;

namespace Slipway.ApiServer.Http;

/// <summary>One fault of one field, with the words and reasons that clients match on (API conventions, "Response Status Kind").</summary>
internal sealed record FieldError(string Reason, string Field, string Message)
{
    public static FieldError Required(string field, string detail = "") =>
        new("FieldValueRequired", field, detail.Length == 0 ? "Required value" : "Required value: " + detail);

    public static FieldError Invalid(string field, object? value, string detail) =>
        new("FieldValueInvalid", field, $"Invalid value: {Show(value)}: {detail}");

    /// <summary>A fault of a value that would be too much to show.</summary>
    public static FieldError Invalid(string field, string detail) => new("FieldValueInvalid", field, $"Invalid value: {detail}");

    public static FieldError TypeInvalid(string field, object? value, string detail) =>
        new("FieldValueTypeInvalid", field, $"Invalid value: {Show(value)}: {detail}");

    public static FieldError NotSupported(string field, object? value, IEnumerable<string> supported) =>
        new("FieldValueNotSupported", field, $"Unsupported value: {Show(value)}: supported values: {string.Join(", ", supported.Select(s => $"\"{s}\""))}");

    public static FieldError Duplicate(string field, object? value) =>
        new("FieldValueDuplicate", field, $"Duplicate value: {Show(value)}");

    public static FieldError NotFound(string field, object? value, string detail = "") =>
        new("FieldValueNotFound", field, $"Not found: {Show(value)}{(detail.Length == 0 ? "" : ": " + detail)}");

    public static FieldError Forbidden(string field, string detail) => new("FieldValueForbidden", field, "Forbidden: " + detail);

    public static FieldError TooLong(string field, long max) =>
        new("FieldValueTooLong", field, string.Create(CultureInfo.InvariantCulture, $"Too long: may not be more than {max} {(max == 1 ? "byte" : "bytes")}"));

    public static FieldError TooMany(string field, long actual, long max) =>
        new("FieldValueTooMany", field, string.Create(CultureInfo.InvariantCulture, $"Too many: {actual}: must have at most {max} {(max == 1 ? "item" : "items")}"));

    /// <summary>What a server says that meets the fault while it reads the body into the fields of a built-in kind.</summary>
    public string? WhileReading { get; init; }

    public override string ToString() => $"{Field}: {Message}";

    public JsonMap ToCause() => new() { ["reason"] = Reason, ["message"] = Message, ["field"] = Field };

    private static string Show(object? value)
    {
        var text = JsonText.Of(value);
        return text.Length <= 512 ? text : text[..512] + "...";
    }
}
