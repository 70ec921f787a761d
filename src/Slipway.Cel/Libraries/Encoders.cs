using System.Buffers.Text;
using Slipway.Cel.Functions;
using Slipway.Cel.Values;

namespace Slipway.Cel.Libraries;

/// <summary>The encoders extension (cel-spec tests encoders_ext); padding may be left out.</summary>
internal static class Encoders
{
    public static void Add(FunctionList list)
    {
        list.Add("base64.encode(bytes): string", a => Arg.String(Convert.ToBase64String(a[0].Bytes())));
        list.Add("base64.decode(string): bytes", a => Decode(a[0].Text()));
    }

    private static CelValue Decode(string text)
    {
        var padded = text.Length % 4 is 0 || text.EndsWith('=') ? text : text.PadRight((text.Length + 3) / 4 * 4, '=');
        return Base64.IsValid(padded) ? new BytesValue(Convert.FromBase64String(padded)) : Arg.Error("illegal base64 data");
    }
}
