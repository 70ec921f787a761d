using System.IO.Hashing;
using System.Text;

namespace Slipway.Simulation;

/// <summary>Five characters that stand for a text in a name, in the letters that Kubernetes takes for its own random ones.</summary>
internal static class ShortHash
{
    // No vowels, so that no word comes of it (apimachinery util/rand).
    private const string Letters = "bcdfghjklmnpqrstvwxz2456789";

    /// <summary>The same for the same text.</summary>
    public static string Of(string text, int length = 5)
    {
        var hash = XxHash64.HashToUInt64(Encoding.UTF8.GetBytes(text));
        return string.Create(length, hash, static (span, value) =>
        {
            foreach (ref var letter in span)
            {
                letter = Letters[(int)(value % (ulong)Letters.Length)];
                value /= (ulong)Letters.Length;
            }
        });
    }
}
