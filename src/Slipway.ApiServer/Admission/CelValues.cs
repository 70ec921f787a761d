using Slipway.ApiServer.Json;
using Slipway.Cel;

namespace Slipway.ApiServer.Admission;

/// <summary>Makes values of expressions from those of objects.</summary>
internal static class CelValues
{
    public static CelValue Of(object? value) => value switch
    {
        string text => CelValue.From(text),
        bool flag => CelValue.From(flag),
        long whole => CelValue.From(whole),
        double number => CelValue.From(number),
        JsonMap map => CelValue.From(map.Select(m => KeyValuePair.Create(m.Key, Of(m.Value)))),
        JsonList list => CelValue.From(list.Select(Of)),
        _ => CelValue.Null,
    };
}
