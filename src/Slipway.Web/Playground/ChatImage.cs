namespace Slipway.Web.Playground;

/// <summary>An image beside a question.</summary>
/// <param name="Name">The file's name.</param>
/// <param name="MediaType">What it is, by its first bytes.</param>
/// <param name="Bytes">The file.</param>
public sealed record ChatImage(string Name, string MediaType, ReadOnlyMemory<byte> Bytes)
{
    /// <summary>Most bytes of a file.</summary>
    public const int MostBytes = 4 * 1024 * 1024;

    /// <summary>Most images of a question.</summary>
    public const int Most = 4;

    /// <summary>The image as an address (RFC 2397), as OpenAI's API takes it.</summary>
    public string DataUri => $"data:{MediaType};base64,{Convert.ToBase64String(Bytes.Span)}";

    /// <summary>Reads a file.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="bytes">What is in it.</param>
    /// <returns>The image; null when it is none that models take. What the browser says of its type does not count.</returns>
    public static ChatImage? Read(string name, byte[] bytes) => bytes switch
    {
        [0x89, (byte)'P', (byte)'N', (byte)'G', ..] => new(name, "image/png", bytes),
        [0xFF, 0xD8, 0xFF, ..] => new(name, "image/jpeg", bytes),
        [(byte)'R', (byte)'I', (byte)'F', (byte)'F', _, _, _, _, (byte)'W', (byte)'E', (byte)'B', (byte)'P', ..] => new(name, "image/webp", bytes),
        _ => null,
    };
}
