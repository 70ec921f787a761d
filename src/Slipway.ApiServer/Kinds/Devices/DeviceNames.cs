using Slipway.ApiServer.Http;

namespace Slipway.ApiServer.Kinds.Devices;

/// <summary>The rules of names that drivers and their devices have.</summary>
internal static class DeviceNames
{
    private const int LongestDomain = 63, LongestId = 32;

    private const string Identifier =
        "a valid C identifier must start with alphabetic character or '_', followed by a string of alphanumeric characters or '_' " +
        "(e.g. 'my_name',  or 'MY_NAME',  or 'MyName', regex used for validation is '[A-Za-z_][A-Za-z0-9_]*')";

    public static void Driver(Spot spot, string name)
    {
        var driver = spot.Text(name);
        if (driver.Length == 0) spot.Required(name);
        else if (driver.Length > LongestDomain) spot.Errors.Add(FieldError.TooLong(spot.Of(name), LongestDomain));
        else if (Names.SubdomainFault(driver) is { } fault) spot.Invalid(name, driver, fault);
    }

    /// <summary>Checks the name of an attribute or a capacity, which may be qualified by its driver's domain.</summary>
    public static void Qualified(string path, string name, List<FieldError> errors, bool domainNeeded = false)
    {
        var parts = name.Split('/');
        if (domainNeeded && parts.Length == 1)
        {
            errors.Add(FieldError.Invalid(path, name, "a fully qualified name must be a domain and a name separated by a slash"));
            return;
        }

        if (parts.Length > 2) return; // Upstream looks no further either.
        if (parts.Length == 2 && Names.SubdomainFault(parts[0]) is { } fault) errors.Add(FieldError.Invalid(path, parts[0], fault));
        var id = parts[^1];
        if (id.Length == 0) errors.Add(FieldError.Required(path, "the name must not be empty"));
        else if (id.Length > LongestId) errors.Add(FieldError.TooLong(path, LongestId));
        else if (!IsIdentifier(id)) errors.Add(FieldError.Invalid(path, id, Identifier));
    }

    private static bool IsIdentifier(string id) => !char.IsAsciiDigit(id[0]) && id.All(c => char.IsAsciiLetterOrDigit(c) || c == '_');
}
