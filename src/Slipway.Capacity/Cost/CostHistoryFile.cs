using System.Collections.Immutable;
using System.Globalization;
using Slipway.Capacity.Tables;

namespace Slipway.Capacity.Cost;

/// <summary>A history as CSV, <c>length, start, seen_seconds, part, name, currency, amount, reason</c>: a line for each sum of each bucket.</summary>
public static class CostHistoryFile
{
    private const int MaxRows = 2_000_000;

    /// <summary>Writes a history.</summary>
    public static void Write(TextWriter text, CostHistory history)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(history);
        text.Write("length,start,seen_seconds,part,name,currency,amount,reason\n");
        foreach (var (length, buckets) in new[] { ("hour", history.ByHour()), ("day", history.ByDay()) })
        {
            foreach (var bucket in buckets)
            {
                var head = string.Create(CultureInfo.InvariantCulture, $"{length},{bucket.Start:O},{bucket.Seen.TotalSeconds}");
                Write(text, $"{head},idle,", bucket.Idle);
                foreach (var (name, sum) in bucket.ByNamespace) Write(text, $"{head},namespace,{Quote(name)}", sum);
            }
        }
    }

    /// <summary>Reads a history.</summary>
    /// <returns>The history, and what is wrong with the file; what could be read before that stands.</returns>
    public static (CostHistory History, string? Fault) Read(TextReader text)
    {
        var history = new CostHistory();
        var reader = new CsvReader(text, 64 * 1024);
        if (!reader.Read()) return (history, reader.Fault);
        var buckets = new Dictionary<(string, DateTimeOffset), CostBucket>();
        string? fault = null;
        for (var row = 2; reader.Read(); row++)
        {
            if (row > MaxRows || !Add(buckets, reader))
            {
                fault = $"line {row} is no cost";
                break;
            }
        }

        history.Restore(Of("hour"), Of("day"));
        return (history, fault ?? reader.Fault);

        IEnumerable<CostBucket> Of(string length) => buckets.Where(b => b.Key.Item1 == length).Select(static b => b.Value).OrderBy(static b => b.Start);
    }

    private static bool Add(Dictionary<(string, DateTimeOffset), CostBucket> buckets, CsvReader row)
    {
        var length = row[0] is "hour" ? "hour" : row[0] is "day" ? "day" : null;
        if (length is null || !DateTimeOffset.TryParse(row[1], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var start) || start.Year < 2000
            || !double.TryParse(row[2], NumberStyles.Float, CultureInfo.InvariantCulture, out var seen) || seen is not (>= 0 and <= 86_400)) return false;
        var sum = CostSum.Zero;
        if (!row[5].IsEmpty)
        {
            if (!decimal.TryParse(row[6], NumberStyles.Float, CultureInfo.InvariantCulture, out var amount)) return false;
            sum = CostSum.Of(amount, row[5].ToString());
        }

        if (!row[7].IsEmpty) sum = sum.Plus(CostSum.NotKnown(row[7].ToString()));
        var bucket = buckets.GetValueOrDefault((length, start))
            ?? new CostBucket(start, TimeSpan.FromSeconds(seen), ImmutableSortedDictionary.Create<string, CostSum>(StringComparer.Ordinal), CostSum.Zero);
        var name = row[4].ToString();
        buckets[(length, start)] = row[3] is "idle"
            ? bucket with { Idle = bucket.Idle.Plus(sum) }
            : bucket with { ByNamespace = bucket.ByNamespace.SetItem(name, bucket.ByNamespace.GetValueOrDefault(name, CostSum.Zero).Plus(sum)) };
        return true;
    }

    private static void Write(TextWriter text, string head, CostSum sum)
    {
        foreach (var (currency, amount) in sum.Known) text.Write(string.Create(CultureInfo.InvariantCulture, $"{head},{currency},{amount},\n"));
        foreach (var reason in sum.Reasons) text.Write($"{head},,,{Quote(reason)}\n");
        if (sum.Known.IsEmpty && sum.Reasons.IsEmpty) text.Write($"{head},,,\n");
    }

    private static string Quote(string field) => $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
