using System.Net;
using Slipway.Conformance.Tests.Harness;

namespace Slipway.Conformance.Tests.Kinds;

/// <summary>Claims, volumes and their classes.</summary>
public sealed class StorageTests(TestServer server)
{
    private const string Claim = """{"accessModes":["ReadWriteOnce"],"resources":{"requests":{"storage":"1Gi"}},"storageClassName":"none-such"}""";

    private const string Fixed = "spec: Forbidden: spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims";

    [Fact]
    public async Task A_claim_waits_and_is_protected()
    {
        var claims = Sample.Collection("persistentvolumeclaims", await server.NamespaceAsync());

        var made = (await server.PostAsync(claims, Sample.Object($$"""{"spec":{{Claim}} }"""))).Expect(HttpStatusCode.Created);
        (await server.DeleteAsync(claims + "/sample")).Expect(HttpStatusCode.OK);

        made.ExpectJson("metadata.finalizers", """["kubernetes.io/pvc-protection"]""");
        made.ExpectJson("status", """{"phase":"Pending"}""");
        Assert.Equal("Filesystem", made.Text("spec.volumeMode"));
        // Nothing in a bare cluster takes the finalizer away; here it goes by itself.
        await server.MergeAsync(claims + "/sample", """{"metadata":{"finalizers":null}}""");
        await TestServer.EventuallyAsync(async () => (await server.GetAsync(claims + "/sample")).Code == HttpStatusCode.NotFound, "the claim is gone");
    }

    [Theory]
    [InlineData("{}", "spec.accessModes: Required value: at least 1 access mode is required")]
    [InlineData("""{"accessModes":["ReadWriteOnce"]}""", "spec.resources[storage]: Required value")]
    [InlineData("""{"accessModes":["Foo"],"resources":{"requests":{"storage":"1Gi"}}}""", "spec.accessModes: Unsupported value: \"Foo\": supported values: \"ReadOnlyMany\", \"ReadWriteMany\", \"ReadWriteOnce\", \"ReadWriteOncePod\"")]
    [InlineData("""{"accessModes":["ReadWriteOncePod","ReadOnlyMany"],"resources":{"requests":{"storage":"1Gi"}}}""", "spec.accessModes: Forbidden: may not use ReadWriteOncePod with other access modes")]
    [InlineData("""{"accessModes":["ReadWriteOnce"],"resources":{"requests":{"storage":"0"}}}""", "spec.resources[storage]: Invalid value: \"0\": must be greater than zero")]
    [InlineData("""{"accessModes":["ReadWriteOnce"],"resources":{"requests":{"storage":"1Gi"}},"volumeMode":"x"}""", "spec.volumeMode: Unsupported value: \"x\": supported values: \"Block\", \"Filesystem\"")]
    public async Task A_claim_must_keep_to_the_rules(string spec, string fault)
    {
        var answer = await server.PostAsync(Sample.Collection("persistentvolumeclaims", await server.NamespaceAsync()), Sample.Object($$"""{"spec":{{spec}} }"""));

        answer.ExpectFault(fault);
    }

    [Theory]
    [InlineData("""{"accessModes":["ReadOnlyMany"]}""", Fixed)]
    [InlineData("""{"storageClassName":"other"}""", Fixed)]
    [InlineData("""{"resources":{"requests":{"storage":"2Gi"}}}""", Fixed)]
    [InlineData("""{"volumeMode":"Block"}""", "volumeMode: Invalid value: \"Block\": field is immutable")]
    public async Task A_claim_that_waits_stays_as_it_is(string change, string fault)
    {
        var (claims, _) = await ClaimedAsync();

        var answer = await server.MergeAsync(claims + "/sample", $$"""{"spec":{{change}} }""");

        answer.ExpectFault(fault);
        await ReleaseAsync(claims);
    }

    [Fact]
    public async Task A_bound_claim_grows_only_where_its_class_allows_it()
    {
        var (claims, _) = await ClaimedAsync();
        (await server.MergeAsync(claims + "/sample/status", """{"status":{"phase":"Bound","capacity":{"storage":"1Gi"},"accessModes":["ReadWriteOnce"]}}""")).Expect(HttpStatusCode.OK);

        var more = await server.MergeAsync(claims + "/sample", """{"spec":{"resources":{"requests":{"storage":"2Gi"}}}}""");
        var less = await server.MergeAsync(claims + "/sample", """{"spec":{"resources":{"requests":{"storage":"500Mi"}}}}""");

        more.ExpectStatus(403, "Forbidden");
        Assert.Equal("persistentvolumeclaims \"sample\" is forbidden: only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize", more.Message);
        less.ExpectFault("spec.resources.requests.storage: Forbidden: field can not be less than status.capacity");
        await ReleaseAsync(claims);
    }

    [Theory]
    [InlineData("persistentvolumes", """{"spec":{"accessModes":["ReadWriteOnce"],"capacity":{"storage":"1Gi"}}}""", "spec: Required value: must specify a volume type")]
    [InlineData("persistentvolumes", """{"spec":{"accessModes":["ReadWriteOnce"],"capacity":{"cpu":"1"},"hostPath":{"path":"/x"}}}""", "spec.capacity: Unsupported value: {\"cpu\":\"1\"}: supported values: \"storage\"")]
    [InlineData("persistentvolumes", """{"spec":{"accessModes":["ReadWriteOnce"],"capacity":{"storage":"1Gi"},"hostPath":{"path":"/x"},"nfs":{"server":"a","path":"/b"}}}""", "spec.nfs: Forbidden: may not specify more than 1 volume type")]
    [InlineData("persistentvolumes", """{"spec":{"accessModes":["ReadWriteOnce"],"capacity":{"storage":"1Gi"},"local":{"path":"/a"}}}""", "spec.nodeAffinity: Required value: Local volume requires node affinity")]
    [InlineData("storage.k8s.io/v1/storageclasses", """{"provisioner":"a.b/c","reclaimPolicy":"x"}""", "reclaimPolicy: Unsupported value: \"x\": supported values: \"Delete\", \"Retain\"")]
    public async Task A_volume_and_a_class_must_keep_to_the_rules(string kind, string value, string fault)
    {
        var answer = await server.TryAsync("+" + kind, "", Sample.Object(value, Name()));

        answer.ExpectFault(fault);
    }

    [Fact]
    public async Task A_volume_waits_and_is_protected()
    {
        var made = (await server.TryAsync("+persistentvolumes", "", Sample.Object("""{"spec":{"accessModes":["ReadWriteOnce"],"capacity":{"storage":"1Gi"},"hostPath":{"path":"/x"}}}""", Name()))).Expect(HttpStatusCode.Created);

        made.ExpectJson("metadata.finalizers", """["kubernetes.io/pv-protection"]""");
        made.ExpectJson("spec.hostPath", """{"path":"/x","type":""}""");
        Assert.Equal(("Pending", "Retain", "Filesystem"), (made.Text("status.phase"), made.Text("spec.persistentVolumeReclaimPolicy"), made.Text("spec.volumeMode")));
        Assert.NotNull(made.Text("status.lastPhaseTransitionTime"));
    }

    [Fact]
    public async Task A_storage_class_stays_but_for_the_growth_of_volumes()
    {
        var name = Name();
        var path = Sample.Collection("+storage.k8s.io/v1/storageclasses", "") + "/" + name;
        (await server.PostAsync(path[..path.LastIndexOf('/')], Sample.Object("""{"provisioner":"a.b/c"}""", name))).Expect(HttpStatusCode.Created);
        try
        {
            var other = await server.MergeAsync(path, """{"provisioner":"d.e/f"}""");
            (await server.MergeAsync(path, """{"allowVolumeExpansion":true}""")).Expect(HttpStatusCode.OK);

            other.ExpectFault("provisioner: Invalid value: \"d.e/f\": field is immutable");
        }
        finally
        {
            await server.DeleteAsync(path);
        }
    }

    private static string Name() => "t-" + Guid.NewGuid().ToString("N")[..8];

    private async Task<(string Claims, Answer Made)> ClaimedAsync()
    {
        var claims = Sample.Collection("persistentvolumeclaims", await server.NamespaceAsync());
        return (claims, (await server.PostAsync(claims, Sample.Object($$"""{"spec":{{Claim}} }"""))).Expect(HttpStatusCode.Created));
    }

    // So that the namespace can go where no controller lets claims go.
    private Task ReleaseAsync(string claims) => server.MergeAsync(claims + "/sample", """{"metadata":{"finalizers":null}}""");
}
