namespace Slipway.Capacity.Inventory.Slices;

/// <summary>One thing that a selector reads of a device.</summary>
/// <param name="Member"><c>attributes</c> or <c>capacity</c>.</param>
/// <param name="Qualified">The name with its domain; empty for all of the member.</param>
/// <param name="Bare">The name alone, by which a slice may have what is of its driver's own domain; null for that of another domain.</param>
internal readonly record struct DeviceRead(string Member, string Qualified, string? Bare)
{
    public static DeviceRead Of(string member, string domain, string name, string driver) => new(member, $"{domain}/{name}", domain == driver ? name : null);

    public static DeviceRead Whole(string member) => new(member, "", null);
}
