using System.Net;
using Slipway.Conformance.Tests.Harness;

namespace Slipway.Conformance.Tests.Kinds;

/// <summary>Workloads and the groups of pods that are scheduled together (scheduling.k8s.io/v1alpha2).</summary>
public sealed class GroupTests(TestServer server)
{
    private const string Workloads = "scheduling.k8s.io/v1alpha2/workloads", Groups = "scheduling.k8s.io/v1alpha2/podgroups";

    private const string Gang = """{"podGroupTemplates":[{"name":"p","schedulingPolicy":{"gang":{"minCount":2}}}]}""";

    [Theory]
    [InlineData("{}", "spec.podGroupTemplates: Required value")]
    [InlineData("""{"podGroupTemplates":[{"schedulingPolicy":{"basic":{}}}]}""", "spec.podGroupTemplates[0].name: Required value")]
    [InlineData("""{"podGroupTemplates":[{"name":"p"}]}""", "spec.podGroupTemplates[0].schedulingPolicy: Invalid value: \"\": must specify one of: `basic`, `gang`")]
    [InlineData("""{"podGroupTemplates":[{"name":"p","schedulingPolicy":{"basic":{},"gang":{"minCount":1}}}]}""", "spec.podGroupTemplates[0].schedulingPolicy: Invalid value: \"{basic, gang}\": must specify exactly one of: `basic`, `gang`")]
    [InlineData("""{"podGroupTemplates":[{"name":"p","schedulingPolicy":{"gang":{}}}]}""", "spec.podGroupTemplates[0].schedulingPolicy.gang.minCount: Required value")]
    [InlineData("""{"podGroupTemplates":[{"name":"p","schedulingPolicy":{"gang":{"minCount":-1}}}]}""", "spec.podGroupTemplates[0].schedulingPolicy.gang.minCount: Invalid value: -1: must be greater than or equal to 1")]
    [InlineData("""{"podGroupTemplates":[{"name":"p","schedulingPolicy":{"basic":{}}}],"controllerRef":{"kind":"a/b","name":"x"}}""", "spec.controllerRef.kind: Invalid value: \"a/b\": may not contain '/'")]
    public async Task A_workload_must_keep_to_the_rules(string spec, string fault)
    {
        var answer = await server.TryAsync(Workloads, await server.NamespaceAsync(), Sample.Object($$"""{"spec":{{spec}} }"""));

        answer.ExpectFault(fault);
    }

    [Fact]
    public async Task The_templates_of_a_workload_stay()
    {
        var workloads = Sample.Collection(Workloads, await server.NamespaceAsync());

        var made = (await server.PostAsync(workloads, Sample.Object($$"""{"spec":{{Gang}} }"""))).Expect(HttpStatusCode.Created);
        var changed = await server.MergeAsync(workloads + "/sample", """{"spec":{"podGroupTemplates":[{"name":"p","schedulingPolicy":{"gang":{"minCount":3}}}]}}""");

        made.ExpectJson("spec", """{"podGroupTemplates":[{"name":"p","schedulingPolicy":{"gang":{"minCount":2}},"schedulingConstraints":null}]}""");
        changed.ExpectFault("spec.podGroupTemplates: Invalid value: null: field is immutable");
    }

    [Theory]
    [InlineData("{}", "spec.schedulingPolicy: Invalid value: \"\": must specify one of: `basic`, `gang`")]
    [InlineData("""{"schedulingPolicy":{"gang":{"minCount":0}}}""", "spec.schedulingPolicy.gang.minCount: Required value")]
    [InlineData("""{"schedulingPolicy":{"basic":{}},"podGroupTemplateRef":{"workload":{}}}""", "spec.podGroupTemplateRef.workload.workloadName: Required value")]
    public async Task A_group_must_keep_to_the_rules(string spec, string fault)
    {
        var answer = await server.TryAsync(Groups, await server.NamespaceAsync(), Sample.Object($$"""{"spec":{{spec}} }"""));

        answer.ExpectFault(fault);
    }

    [Fact]
    public async Task A_group_is_of_a_workloads_template_and_protected()
    {
        var ns = await server.NamespaceAsync();
        static string Of(string workload, string template) => Sample.Object($$$$"""
            {"spec":{"schedulingPolicy":{"gang":{"minCount":2}},"podGroupTemplateRef":{"workload":{"workloadName":"{{{{workload}}}}","podGroupTemplateName":"{{{{template}}}}"} } } }
            """);
        (await server.PostAsync(Sample.Collection(Workloads, ns), Sample.Object($$"""{"spec":{{Gang}} }"""))).Expect(HttpStatusCode.Created);

        var nobody = await server.TryAsync(Groups, ns, Of("other", "p"));
        var nothing = await server.TryAsync(Groups, ns, Of("sample", "q"));
        var made = (await server.PostAsync(Sample.Collection(Groups, ns), Of("sample", "p"))).Expect(HttpStatusCode.Created);
        var changed = await server.MergeAsync(Sample.Collection(Groups, ns) + "/sample", """{"spec":{"schedulingPolicy":{"gang":{"minCount":3}}}}""");
        await server.MergeAsync(Sample.Collection(Groups, ns) + "/sample", """{"metadata":{"finalizers":null}}""");

        nobody.ExpectStatus(403, "Forbidden");
        Assert.Equal("podgroups.scheduling.k8s.io \"sample\" is forbidden: PodGroup rejected: Workload \"other\" not found", nobody.Message);
        Assert.Equal("podgroups.scheduling.k8s.io \"sample\" is forbidden: PodGroup rejected: PodGroupTemplate \"q\" not found in Workload \"sample\"", nothing.Message);
        made.ExpectJson("metadata.finalizers", """["scheduling.k8s.io/podgroup-protection"]""");
        Assert.Equal("Pod", made.Text("spec.disruptionMode"));
        changed.ExpectFault("spec.schedulingPolicy: Invalid value: null: field is immutable");
    }
}
