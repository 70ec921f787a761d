namespace Slipway.Models.Tests;

public sealed class AccuracyTablesTests
{
    [Fact]
    public void The_tables_of_the_document_are_those_of_the_estimates_as_they_are_now()
    {
        var path = Path.Combine(Csv.Root(), "docs", "estimates.md");
        var document = File.ReadAllText(path);
        Assert.True(document == AccuracyTables.Into(document), "docs/estimates.md shows other errors than the estimates make: dotnet run -c Release --project bench/Slipway.Bench -- accuracy");
    }
}
