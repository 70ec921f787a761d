namespace Slipway.Evaluation.Grading.Embeddings;

/// <summary>The cosine of the angle between two vectors.</summary>
public static class Cosine
{
    /// <summary>From -1, opposite, over 0, unrelated, to 1, the same direction.</summary>
    /// <param name="a">A vector.</param>
    /// <param name="b">Another, as long.</param>
    /// <returns>The cosine; null when it is not defined: a vector without length, of other length than the other, or with what is no number.</returns>
    public static double? Of(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        if (a.Length != b.Length) return null;
        var (dot, lengthA, lengthB) = (0.0, 0.0, 0.0);
        for (var i = 0; i < a.Length; i++)
        {
            dot += (double)a[i] * b[i];
            lengthA += (double)a[i] * a[i];
            lengthB += (double)b[i] * b[i];
        }

        var cosine = dot / Math.Sqrt(lengthA) / Math.Sqrt(lengthB);
        return double.IsFinite(cosine) ? Math.Clamp(cosine, -1, 1) : null;
    }
}
