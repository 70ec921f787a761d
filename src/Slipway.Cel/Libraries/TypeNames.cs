namespace Slipway.Cel.Libraries;

/// <summary>Types that an expression may name as values.</summary>
internal static class TypeNames
{
    public const string Ip = "net.IP";
    public const string Cidr = "net.CIDR";
    public const string Url = "kubernetes.URL";
    public const string Quantity = "kubernetes.Quantity";
    public const string Semver = "kubernetes.Semver";
    public const string NamedFormat = "kubernetes.NamedFormat";

    public static IEnumerable<CelType> All =>
    [
        CelType.Bool, CelType.Int, CelType.Uint, CelType.Double, CelType.String, CelType.Bytes, CelType.Null, CelType.Timestamp, CelType.Duration,
        CelType.Dyn, CelType.List(CelType.Dyn), CelType.Map(CelType.Dyn, CelType.Dyn), CelType.TypeOf(CelType.Dyn), CelType.Optional(CelType.Dyn),
        CelType.Named(Ip), CelType.Named(Cidr), CelType.Named(Url), CelType.Named(Quantity), CelType.Named(Semver), CelType.Named(NamedFormat),
    ];
}
