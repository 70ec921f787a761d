using System.Text;
using Slipway.ApiServer.Authentication.StandingObjects;
using Slipway.ApiServer.Http;
using Slipway.ApiServer.Json;

namespace Slipway.ApiServer.Kinds;

/// <summary>Secrets: stringData goes into data, and what a type promises must be there.</summary>
internal sealed class SecretStrategy : PlainStrategy
{
    public override void Default(JsonMap value)
    {
        if (value.Map("stringData") is { } texts)
        {
            var data = value.Ensure("data");
            foreach (var (key, text) in texts) data[key] = Convert.ToBase64String(Encoding.UTF8.GetBytes(text as string ?? ""));
        }

        value.Remove("stringData");
    }

    public override void Validate(JsonMap value, JsonMap? old, List<FieldError> errors)
    {
        DataKeys.Validate(value.Map("data"), "data", errors);
        DataKeys.Immutable(value, old, ["data"], errors);
        if (old is not null && value.Text("type") != old.Text("type"))
            errors.Add(FieldError.Invalid("type", value.Text("type"), "field is immutable"));
        if (value.Text("type") == TokenSecrets.Type && value.Map("metadata", "annotations")?.Text(TokenSecrets.AccountName) is null or "")
            errors.Add(FieldError.Required($"metadata.annotations[{TokenSecrets.AccountName}]"));
        foreach (var key in Promised(value.Text("type")))
            if (value.Map("data")?.ContainsKey(key) != true) errors.Add(FieldError.Required($"data[{key}]"));
    }

    private static string[] Promised(string? type) => type switch
    {
        "kubernetes.io/tls" => ["tls.crt", "tls.key"],
        "kubernetes.io/dockerconfigjson" => [".dockerconfigjson"],
        "kubernetes.io/dockercfg" => [".dockercfg"],
        "kubernetes.io/ssh-auth" => ["ssh-privatekey"],
        _ => [],
    };
}

/// <summary>ConfigMaps: keys are file names, and an immutable map stays.</summary>
internal sealed class ConfigMapStrategy : PlainStrategy
{
    public override void Validate(JsonMap value, JsonMap? old, List<FieldError> errors)
    {
        DataKeys.Validate(value.Map("data"), "data", errors);
        DataKeys.Validate(value.Map("binaryData"), "binaryData", errors);
        foreach (var key in value.Map("binaryData")?.Keys.Where(k => value.Map("data")?.ContainsKey(k) == true) ?? [])
            errors.Add(FieldError.Invalid($"binaryData[{key}]", key, "duplicate of key present in data"));
        DataKeys.Immutable(value, old, ["data", "binaryData"], errors);
    }
}

/// <summary>What ConfigMaps and Secrets share.</summary>
internal static class DataKeys
{
    private const int Limit = 1024 * 1024;

    public static void Validate(JsonMap? data, string field, List<FieldError> errors)
    {
        var size = 0;
        foreach (var (key, value) in data ?? [])
        {
            size += (value as string)?.Length ?? 0;
            if (key.Length is 0 or > 253 || key is "." or ".." || !key.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.'))
                errors.Add(FieldError.Invalid($"{field}[{key}]", key, "a valid config key must consist of alphanumeric characters, '-', '_' or '.' " +
                    "(e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')"));
        }

        if (size > Limit * 4 / 3 + 4) errors.Add(FieldError.TooLong(field, Limit));
    }

    public static void Immutable(JsonMap value, JsonMap? old, string[] fields, List<FieldError> errors)
    {
        if (old?.At("immutable") is not true) return;
        if (value.At("immutable") is not true) errors.Add(FieldError.Forbidden("immutable", "field is immutable when `immutable` is set"));
        foreach (var field in fields)
            if (!JsonValues.Same(value.At(field), old.At(field))) errors.Add(FieldError.Forbidden(field, "field is immutable when `immutable` is set"));
    }
}
