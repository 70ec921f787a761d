using System.Text;

namespace Slipway.ApiServer.Tests;

/// <summary>Writes objects of its own, one request at a time, until the server is gone.</summary>
internal sealed class CrashWriter(string name, HttpClient client, WriteLedger ledger, Action<int> acknowledged)
{
    private const int WritesPerObject = 10;

    public async Task WriteAsync()
    {
        try
        {
            for (var i = 0; ; i++) await WriteOneAsync(i);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            // Killed, as it should be.
        }
    }

    // Each object is created, patched and replaced in turn; every second one is deleted in the end.
    private async Task WriteOneAsync(int i)
    {
        var (number, step) = (i / WritesPerObject, i % WritesPerObject);
        var item = $"{name}n{number}";
        var deletes = step == WritesPerObject - 1 && number % 2 == 1;
        var (method, type) = step switch
        {
            0 => (HttpMethod.Post, "application/json"),
            _ when deletes => (HttpMethod.Delete, "application/json"),
            _ when step % 2 == 0 => (HttpMethod.Put, "application/json"),
            _ => (HttpMethod.Patch, "application/merge-patch+json"),
        };
        using var request = new HttpRequestMessage(method, step == 0 ? WriteLedger.Path : $"{WriteLedger.Path}/{item}");
        if (!deletes) request.Content = new StringContent(WriteLedger.Body(item, i), Encoding.UTF8, type);
        ledger.Send(item, deletes ? null : i);
        using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
        var body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(response.IsSuccessStatusCode, $"{method} of {item}: {response.StatusCode} {body}");
        acknowledged(ledger.Acknowledge(item, method));
    }
}
