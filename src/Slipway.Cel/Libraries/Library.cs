using Slipway.Cel.Functions;

namespace Slipway.Cel.Libraries;

/// <summary>Which libraries make an environment.</summary>
internal static class Library
{
    public static FunctionTable Standard() => Build(
        Arithmetic.Add, Comparisons.Add, Conversions.Add, Containers.Add, TextBasics.Add, TimeAccess.Add,
        Strings.Add, l => Format.Add(l, Format.PlainExponent), MathExtension.Add, Encoders.Add, Sets.Add, Lists.Add, Optionals.Add, Network.Add);

    public static FunctionTable Kubernetes() => Build(
        Arithmetic.Add, Comparisons.Add, Conversions.Add, Containers.Add, TextBasics.Add, TimeAccess.Add,
        l => Strings.Add(l, withReverse: false), l => Format.Add(l, Format.TypographicExponent), Sets.Add, Lists.Add, Optionals.Add, Network.Add,
        Urls.Add, RegexLibrary.Add, KubernetesLists.Add, Quantities.Add, Semvers.Add, NamedFormats.Add);

    public static FunctionTable Everything() => Build(
        Arithmetic.Add, Comparisons.Add, Conversions.Add, Containers.Add, TextBasics.Add, TimeAccess.Add,
        Strings.Add, l => Format.Add(l, Format.TypographicExponent), MathExtension.Add, Encoders.Add, Sets.Add, Lists.Add, Optionals.Add, Network.Add,
        Urls.Add, RegexLibrary.Add, KubernetesLists.Add, Quantities.Add, Semvers.Add, NamedFormats.Add);

    private static FunctionTable Build(params Action<FunctionList>[] libraries)
    {
        var list = new FunctionList();
        foreach (var library in libraries) library(list);
        return new FunctionTable(list.Overloads);
    }
}
