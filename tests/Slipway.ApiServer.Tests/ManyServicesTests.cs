using System.Net;
using Slipway.Conformance.Tests.Harness;

namespace Slipway.ApiServer.Tests;

/// <summary>A service costs the same however many there are.</summary>
public sealed class ManyServicesTests(TestServer server)
{
    [Fact]
    public async Task Each_of_many_services_has_an_address_and_a_port_of_its_own()
    {
        var path = $"/api/v1/namespaces/{await server.NamespaceAsync()}/services";
        var (addresses, ports) = (new HashSet<string>(StringComparer.Ordinal), new HashSet<string>(StringComparer.Ordinal));
        await Parallel.ForAsync(0, 300, new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = TestContext.Current.CancellationToken }, async (i, _) =>
        {
            var made = (await server.PostAsync(path, $$$"""{"metadata":{"name":"s{{{i}}}"},"spec":{"type":"NodePort","selector":{"a":"b"},"ports":[{"name":"a","port":1},{"name":"b","port":2}]}}""")).Expect(HttpStatusCode.Created);
            lock (addresses)
            {
                Assert.True(addresses.Add(made.Text("spec.clusterIP")!), made.Body);
                Assert.True(ports.Add(made.Text("spec.ports.0.nodePort")!) & ports.Add(made.Text("spec.ports.1.nodePort")!), made.Body);
            }
        });
        var freed = (await server.GetAsync(path + "/s7")).Text("spec.ports.0.nodePort")!;
        string Wanting(string name) => $$$"""{"metadata":{"name":"{{{name}}}"},"spec":{"type":"NodePort","ports":[{"port":1,"nodePort":{{{freed}}}}]}}""";
        (await server.PostAsync(path, Wanting("late"))).ExpectStatus(422, "Invalid");
        (await server.DeleteAsync(path + "/s7")).Expect(HttpStatusCode.OK);
        (await server.PostAsync(path, Wanting("late"))).Expect(HttpStatusCode.Created);
    }
}
