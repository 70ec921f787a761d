using CsCheck;
using Slipway.Capacity.Tables;
using Slipway.Testing;

namespace Slipway.Capacity.Tests;

public sealed class CsvReaderTests
{
    private static readonly Gen<string> s_field = Gen.String[Gen.Char[" ab\",\r\n\t;|é0"], 0, 12];

    [Fact]
    public void What_was_written_is_read_back() => Gen.Select(s_field.Array[2, 6].Array[1, 8], Any.Of("\n", "\r\n")).Sample((rows, end) =>
    {
        var reader = new CsvReader(new StringReader(string.Concat(rows.Select(r => string.Join(',', r.Select(Quote)) + end))));
        foreach (var row in rows)
        {
            Assert.True(reader.Read());
            Assert.Equal(row, Enumerable.Range(0, reader.Count).Select(i => reader[i].ToString()));
        }

        Assert.False(reader.Read());
        Assert.Null(reader.Fault);
    });

    [Fact]
    public void Any_text_ends_in_records_or_a_fault() => Gen.String[Gen.Char["a,\"\r\n"], 0, 60].Sample(text =>
    {
        var reader = new CsvReader(new StringReader(text), 40);
        var records = 0;
        while (reader.Read()) records++;
        Assert.InRange(records, 0, 61);
        Assert.Equal(0, reader[-1].Length + reader[5000].Length);
    });

    [Theory]
    [InlineData("a,\"b", "the text ends inside a quoted field")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaa,b", "a record is longer than 16 characters")]
    public void A_broken_text_is_a_fault(string text, string fault)
    {
        var reader = new CsvReader(new StringReader(text), 16);
        Assert.False(reader.Read());
        Assert.Equal(fault, reader.Fault);
    }

    [Fact]
    public void Records_allocate_nothing()
    {
        var text = string.Concat(Enumerable.Repeat("\"JRTCKXETXF\",\"OnDemand\",\"p5.48xlarge\",\"55.04\"\n", 20_000));
        var half = text[(text.Length / 2)..];
        Assert.Equal(Allocated.By(() => Read(half)), Allocated.By(() => Read(text)));

        static void Read(string text)
        {
            var reader = new CsvReader(new StringReader(text));
            while (reader.Read())
            {
            }
        }
    }

    private static string Quote(string field) => $"\"{field.Replace("\"", "\"\"")}\"";
}
