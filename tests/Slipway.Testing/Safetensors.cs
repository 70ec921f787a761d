using System.Text;

namespace Slipway.Testing;

/// <summary>Writes small safetensors files: the header is what matters, the data is zeros.</summary>
public static class Safetensors
{
    /// <summary>A file with tensors of the given types and shapes.</summary>
    public static byte[] File(params (string Name, string Type, long[] Shape)[] tensors)
    {
        var header = new StringBuilder("{\"__metadata__\":{\"format\":\"pt\"}");
        var end = 0L;
        foreach (var (name, type, shape) in tensors)
        {
            var bytes = shape.Aggregate(1L, static (a, b) => a * b) * Width(type);
            header.Append($",\"{name}\":{{\"dtype\":\"{type}\",\"shape\":[{string.Join(',', shape)}],\"data_offsets\":[{end},{end + bytes}]}}");
            end += bytes;
        }

        var json = Encoding.UTF8.GetBytes(header.Append('}').ToString());
        return [.. BitConverter.GetBytes((ulong)json.Length), .. json, .. new byte[end]];
    }

    private static int Width(string type) => type switch { "F32" or "I32" => 4, "BF16" or "F16" => 2, _ => 1 };
}
