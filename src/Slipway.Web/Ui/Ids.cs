namespace Slipway.Web.Ui;

/// <summary>Names of elements that labels and buttons point to.</summary>
internal static class Ids
{
    private static int s_last;

    /// <summary>A name that no element of this process has.</summary>
    public static string Next() => $"e{Interlocked.Increment(ref s_last)}";
}
