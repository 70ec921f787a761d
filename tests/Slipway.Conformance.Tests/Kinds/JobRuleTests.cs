using System.Net;
using Slipway.Conformance.Tests.Harness;

namespace Slipway.Conformance.Tests.Kinds;

/// <summary>Jobs, what makes them in time, and what scales with load.</summary>
public sealed class JobRuleTests(TestServer server)
{
    [Theory]
    [InlineData("""{"template":TEMPLATE}""", "spec.template.spec.restartPolicy: Required value: valid values: \"OnFailure\", \"Never\"")]
    [InlineData("""{"template":NEVER,"backoffLimit":-1}""", "spec.backoffLimit: Invalid value: -1: must be greater than or equal to 0")]
    [InlineData("""{"template":NEVER,"parallelism":2,"completionMode":"Indexed"}""", "spec.completions: Required value: when completion mode is Indexed")]
    [InlineData("""{"template":NEVER,"completionMode":"x"}""", "spec.completionMode: Unsupported value: \"x\": supported values: \"NonIndexed\", \"Indexed\"")]
    [InlineData("""{"template":NEVER,"backoffLimitPerIndex":1}""", "spec.backoffLimitPerIndex: Invalid value: 1: requires indexed completion mode")]
    [InlineData("""{"template":NEVER,"managedBy":"a"}""", "spec.managedBy: Invalid value: \"a\": must be a domain-prefixed path (such as \"acme.io/foo\")")]
    [InlineData("""{"template":NEVER,"selector":{"matchLabels":{"a":"b"}}}""", "spec.selector: Invalid value:")]
    [InlineData("""{"template":NEVER,"manualSelector":true}""", "spec.selector: Required value")]
    [InlineData("""{"template":NEVER,"podFailurePolicy":{"rules":[{"action":"Foo"}]}}""", "spec.podFailurePolicy.rules[0].action: Unsupported value: \"Foo\": supported values: \"Count\", \"FailIndex\", \"FailJob\", \"Ignore\"")]
    public async Task A_job_must_keep_to_the_rules(string spec, string fault)
    {
        var answer = await server.TryAsync("batch/v1/jobs", await server.NamespaceAsync(), Sample.Object($$"""{"spec":{{spec}} }"""));

        answer.ExpectFault(fault);
    }

    [Theory]
    [InlineData("""{"completions":2}""", """{"completions":3}""", "spec.completions: Invalid value: 3: field is immutable")]
    [InlineData("""{"completions":2}""", """{"completionMode":"Indexed"}""", "spec.completionMode: Invalid value: \"Indexed\": field is immutable")]
    [InlineData("""{"completions":2,"parallelism":2,"completionMode":"Indexed"}""", """{"completions":3}""", "spec.completions: Invalid value: 3: can only be modified in tandem with spec.parallelism")]
    [InlineData("""{"completions":2}""", """{"template":{"spec":{"terminationGracePeriodSeconds":1}}}""", "spec.template: Invalid value:")]
    public async Task Little_of_a_job_may_change(string spec, string change, string fault)
    {
        var jobs = Sample.Collection("batch/v1/jobs", await server.NamespaceAsync());
        (await server.PostAsync(jobs, Sample.Object($$"""{"spec":{"template":NEVER,{{spec[1..]}} }"""))).Expect(HttpStatusCode.Created);

        var answer = await server.MergeAsync(jobs + "/sample", $$"""{"spec":{{change}} }""");

        answer.ExpectFault(fault);
        (await server.MergeAsync(jobs + "/sample", """{"spec":{"backoffLimit":3}}""")).Expect(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("""{"active":-1}""", "status.active: Invalid value: -1: must be greater than or equal to 0")]
    [InlineData("""{"active":1,"ready":2}""", "status.ready: Invalid value: 2: cannot set more ready pods than active")]
    [InlineData("""{"failed":1}""", "status.failed: Invalid value: 1: cannot decrease the failed counter")]
    [InlineData("""{"startTime":"2026-01-02T00:00:00Z"}""", "status.startTime: Invalid value: \"2026-01-02T00:00:00Z\": field is immutable for unsuspended job once set")]
    [InlineData("""{"startTime":null}""", "status.startTime: Invalid value: null: field is immutable for unsuspended job once set")]
    [InlineData("""{"completionTime":"2026-01-02T00:00:00Z"}""", "status.completionTime: Invalid value: \"2026-01-02T00:00:00Z\": cannot set completionTime when there is no Complete=True condition")]
    [InlineData("""{"completedIndexes":"0"}""", "status.completedIndexes: Invalid value: \"0\": cannot set non-empty completedIndexes when non-indexed completion mode")]
    [InlineData("""{"failedIndexes":"0"}""", "status.failedIndexes: Invalid value: \"0\": cannot set non-null failedIndexes when backoffLimitPerIndex is null")]
    [InlineData("""{"conditions":[{"type":"Failed","status":"True"}]}""", "status.conditions: Invalid value: cannot set Failed=True condition without the FailureTarget=true condition")]
    [InlineData("""{"conditions":[{"type":"Complete","status":"True"}]}""", "status.conditions: Invalid value: cannot set Complete=True condition without the SuccessCriteriaMet=true condition", "status.completionTime: Required value: completionTime is required for Complete jobs")]
    [InlineData("""{"conditions":[{"type":"SuccessCriteriaMet","status":"True"},{"type":"FailureTarget","status":"True"}]}""", "status.conditions: Invalid value: cannot set SuccessCriteriaMet=True and FailureTarget=true conditions")]
    [InlineData("""{"active":1,"completionTime":"2026-01-02T00:00:00Z","conditions":[{"type":"SuccessCriteriaMet","status":"True"},{"type":"Complete","status":"True"}]}""", "status.active: Invalid value: 1: active>0 is invalid for finished job")]
    [InlineData("""{"completionTime":"2025-01-02T00:00:00Z","conditions":[{"type":"SuccessCriteriaMet","status":"True"},{"type":"Complete","status":"True"}]}""", "status.completionTime: Invalid value: \"2025-01-02T00:00:00Z\": must be equal to or after `startTime`")]
    public async Task A_jobs_controller_is_held_to_the_rules_too(string status, params string[] faults)
    {
        var job = Sample.Collection("batch/v1/jobs", await server.NamespaceAsync()) + "/sample";
        (await server.PostAsync(job[..^"/sample".Length], Sample.Object("""{"spec":{"template":NEVER}}"""))).Expect(HttpStatusCode.Created);
        (await server.MergeAsync(job + "/status", """{"status":{"startTime":"2026-01-01T00:00:00Z","failed":2}}""")).Expect(HttpStatusCode.OK);

        var answer = await server.MergeAsync(job + "/status", $$"""{"status":{{status}} }""");

        foreach (var fault in faults) answer.ExpectFault(fault);
    }

    [Theory]
    [InlineData("""{"conditions":[]}""", "status.conditions: Invalid value: cannot disable the terminal Complete=True condition")]
    [InlineData("""{"completionTime":"2026-01-03T00:00:00Z"}""", "status.completionTime: Invalid value: \"2026-01-03T00:00:00Z\": field is immutable")]
    [InlineData("""{"succeeded":0}""", "status.succeeded: Invalid value: 0: cannot decrease the succeeded counter")]
    [InlineData("""{"active":1}""", "status.active: Invalid value: 1: active>0 is invalid for finished job")]
    public async Task A_job_that_is_over_stays_over(string status, string fault)
    {
        var job = Sample.Collection("batch/v1/jobs", await server.NamespaceAsync()) + "/sample";
        (await server.PostAsync(job[..^"/sample".Length], Sample.Object("""{"spec":{"template":NEVER}}"""))).Expect(HttpStatusCode.Created);
        (await server.MergeAsync(job + "/status", """{"status":{"startTime":"2026-01-01T00:00:00Z","completionTime":"2026-01-02T00:00:00Z","succeeded":1,"conditions":[{"type":"SuccessCriteriaMet","status":"True"},{"type":"Complete","status":"True"}]}}""")).Expect(HttpStatusCode.OK);

        (await server.MergeAsync(job + "/status", $$"""{"status":{{status}} }""")).ExpectFault(fault);
    }

    [Fact]
    public async Task Limits_and_conditions_of_failure_have_defaults()
    {
        var ns = await server.NamespaceAsync();

        var indexed = (await server.TryAsync("batch/v1/jobs", ns, Sample.Object("""{"spec":{"template":NEVER,"completionMode":"Indexed","completions":2,"backoffLimitPerIndex":1}}"""))).Expect(HttpStatusCode.Created);
        var policed = (await server.TryAsync("batch/v1/jobs", ns, Sample.Object("""{"spec":{"template":NEVER,"podFailurePolicy":{"rules":[{"action":"Ignore","onPodConditions":[{"type":"DisruptionTarget"}]}]}}}"""))).Expect(HttpStatusCode.Created);

        Assert.Equal("2147483647", indexed.Text("spec.backoffLimit"));
        Assert.Equal(("True", "Failed"), (policed.Text("spec.podFailurePolicy.rules.0.onPodConditions.0.status"), policed.Text("spec.podReplacementPolicy")));
    }

    [Theory]
    [InlineData("x", "expected exactly 5 fields, found 1: [x]")]
    [InlineData("* * * * * *", "expected exactly 5 fields, found 6: [* * * * * *]")]
    [InlineData("61 * * * *", "end of range (61) above maximum (59): 61")]
    [InlineData("0-5/2 1,2 ? * 7", "end of range (7) above maximum (6): 7")]
    [InlineData("5-1 * * * *", "beginning of range (5) beyond end of range (1): 5-1")]
    [InlineData("*/0 * * * *", "step of range should be a positive number: */0")]
    [InlineData("0 0 0 * *", "beginning of range (0) below minimum (1): 0")]
    [InlineData("1-2-3 * * * *", "too many hyphens: 1-2-3")]
    [InlineData("1/2/3 * * * *", "too many slashes: 1/2/3")]
    [InlineData("@nightly", "unrecognized descriptor: @nightly")]
    [InlineData("TZ=UTC * * * * *", "cannot use TZ or CRON_TZ in schedule, use timeZone field instead")]
    public async Task A_schedule_that_cannot_be_read_is_refused(string schedule, string fault)
    {
        var answer = await server.TryAsync("batch/v1/cronjobs", await server.NamespaceAsync(), CronJob($"\"schedule\":\"{schedule}\""));

        answer.ExpectFault($"spec.schedule: Invalid value: \"{schedule}\": {fault}");
    }

    [Theory]
    [InlineData("*/5 * * * *")]
    [InlineData("0 0 1 JAN MON-FRI")]
    [InlineData("0-30/10,45 1,2 ? * 0")]
    [InlineData("@hourly")]
    [InlineData("@every 5m")]
    public async Task A_schedule_that_can_be_read_is_taken(string schedule)
    {
        var answer = await server.TryAsync("batch/v1/cronjobs", await server.NamespaceAsync(), CronJob($"\"schedule\":\"{schedule}\",\"timeZone\":\"Europe/Berlin\""));

        answer.Expect(HttpStatusCode.Created);
    }

    [Theory]
    [InlineData("\"timeZone\":\"Foo/Bar\"", "spec.timeZone: Invalid value: \"Foo/Bar\": unknown time zone Foo/Bar")]
    [InlineData("\"timeZone\":\"\"", "spec.timeZone: Invalid value: \"\": timeZone must be nil or non-empty string")]
    [InlineData("\"concurrencyPolicy\":\"x\"", "spec.concurrencyPolicy: Unsupported value: \"x\": supported values: \"Allow\", \"Forbid\", \"Replace\"")]
    [InlineData("\"startingDeadlineSeconds\":-1", "spec.startingDeadlineSeconds: Invalid value: -1: must be greater than or equal to 0")]
    public async Task A_cron_job_must_keep_to_the_rules(string member, string fault)
    {
        var answer = await server.TryAsync("batch/v1/cronjobs", await server.NamespaceAsync(), CronJob("\"schedule\":\"* * * * *\"," + member));

        answer.ExpectFault(fault);
    }

    [Theory]
    [InlineData("""{"maxReplicas":0}""", "spec.maxReplicas: Required value: must be set and greater than 0")]
    [InlineData("""{"maxReplicas":2,"minReplicas":3}""", "spec.maxReplicas: Invalid value: 2: must be greater than or equal to `minReplicas`")]
    [InlineData("""{"maxReplicas":2,"minReplicas":0}""", "spec.minReplicas: Invalid value: 0: must be greater than or equal to 1")]
    [InlineData("""{"maxReplicas":2,"metrics":[{"type":"Resource"}]}""", "spec.metrics[0].resource: Required value: must populate information for the given metric source")]
    [InlineData("""{"maxReplicas":2,"metrics":[{"type":"Foo"}]}""", "spec.metrics[0].type: Unsupported value: \"Foo\": supported values: \"ContainerResource\", \"External\", \"Object\", \"Pods\", \"Resource\"")]
    [InlineData("""{"maxReplicas":2,"metrics":[{"type":"Resource","resource":{"name":"cpu"}}]}""", "spec.metrics[0].resource.target.averageUtilization: Required value: must set either a target raw value or a target utilization")]
    [InlineData("""{"maxReplicas":2,"metrics":[{"type":"Pods","pods":{"metric":{"name":"q"},"target":{"type":"AverageValue"}}}]}""", "spec.metrics[0].pods.target.averageValue: Required value: must specify a positive target averageValue")]
    [InlineData("""{"maxReplicas":2,"behavior":{"scaleUp":{"stabilizationWindowSeconds":4000}}}""", "spec.behavior.scaleUp.stabilizationWindowSeconds: Invalid value: 4000: must be less than or equal to 3600")]
    public async Task An_autoscaler_must_keep_to_the_rules(string spec, string fault)
    {
        var answer = await server.TryAsync("autoscaling/v2/horizontalpodautoscalers", await server.NamespaceAsync(), Autoscaler(spec));

        answer.ExpectFault(fault);
    }

    [Fact]
    public async Task The_behaviour_of_an_autoscaler_is_completed()
    {
        var made = (await server.TryAsync("autoscaling/v2/horizontalpodautoscalers", await server.NamespaceAsync(), Autoscaler("""{"maxReplicas":2,"behavior":{"scaleDown":{"stabilizationWindowSeconds":5}}}"""))).Expect(HttpStatusCode.Created);

        made.ExpectJson("spec.behavior", """
            {"scaleUp":{"stabilizationWindowSeconds":0,"selectPolicy":"Max","policies":[{"type":"Pods","value":4,"periodSeconds":15},{"type":"Percent","value":100,"periodSeconds":15}]},
             "scaleDown":{"stabilizationWindowSeconds":5,"selectPolicy":"Max","policies":[{"type":"Percent","value":100,"periodSeconds":15}]}}
            """);
    }

    private static string CronJob(string members) => Sample.Object($$$"""{"spec":{"jobTemplate":{"spec":{"template":NEVER}},{{{members}}}}}""");

    private static string Autoscaler(string spec) => Sample.Object($$"""{"spec":{"scaleTargetRef":{"apiVersion":"apps/v1","kind":"Deployment","name":"d"},{{spec[1..]}} }""");
}
