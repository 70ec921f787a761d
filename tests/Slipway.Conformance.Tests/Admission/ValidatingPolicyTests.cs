using System.Net;
using Slipway.Conformance.Tests.Harness;

namespace Slipway.Conformance.Tests.Admission;

public sealed class ValidatingPolicyTests(TestServer server)
{
    private readonly string _id = Guid.NewGuid().ToString("N")[..10];

    private string Policy => "p-" + _id;

    private string Binding => "b-" + _id;

    [Theory]
    [InlineData("""{"expression":"object.data.x == '1'","message":"x must be one"}""", 422, "Invalid", "x must be one")]
    [InlineData("""{"expression":"object.data.x == '1'"}""", 422, "Invalid", "failed expression: object.data.x == '1'")]
    [InlineData("""{"expression":"object.data.x == '1'","messageExpression":"'x is ' + object.data.x","reason":"Forbidden"}""", 403, "Forbidden", "x is 2")]
    [InlineData("""{"expression":"object.data.x == '1'","messageExpression":"string(1 / int(object.data.zero))","message":"fixed"}""", 422, "Invalid", "fixed")]
    [InlineData("""{"expression":"object.data.x == '1'","reason":"RequestEntityTooLarge"}""", 413, "RequestEntityTooLarge", "failed expression: object.data.x == '1'")]
    [InlineData("""{"expression":"1 / int(object.data.zero) == 1"}""", 422, "Invalid", "expression '1 / int(object.data.zero) == 1' resulted in error: division by zero")]
    public async Task A_violated_policy_refuses_with_its_message_and_reason(string validation, int code, string reason, string message)
    {
        var ns = await server.NamespaceAsync();
        await using var policy = await PolicyAsync($$""" "validations":[{{validation}}]""");
        await using var binding = await BindAsync(ns);
        var answer = await CreateAsync(ns);
        answer.ExpectStatus(code, reason);
        var said = $"ValidatingAdmissionPolicy '{Policy}' with binding '{Binding}' denied request: {message}";
        Assert.Equal($"configmaps \"a\" is forbidden: {said}", answer.Message);
        Assert.Equal("configmaps", answer.Text("details.kind"));
        Assert.Equal(said, answer.Text("details.causes.0.message"));
    }

    [Theory]
    [InlineData("object.data.x == '2' && oldObject == null && request.operation == 'CREATE'")]
    [InlineData("namespaceObject.metadata.name == request.namespace")]
    [InlineData("request.kind.kind == 'ConfigMap' && request.resource.resource == 'configmaps' && request.name == 'a'")]
    [InlineData("request.userInfo.groups.exists(g, g == 'system:authenticated') && !request.dryRun")]
    [InlineData("has(object.metadata.labels) == false || size(object.metadata.labels) > 0")]
    [InlineData("!has(request.subResource)")]
    public async Task A_policy_that_holds_lets_the_request_through(string expression)
    {
        var ns = await server.NamespaceAsync();
        await using var policy = await PolicyAsync($$""" "validations":[{"expression":"{{expression}}"}]""");
        await using var binding = await BindAsync(ns);
        (await CreateAsync(ns)).Expect(HttpStatusCode.Created);
    }

    [Fact]
    public async Task Variables_are_evaluated_where_they_are_used()
    {
        var ns = await server.NamespaceAsync();
        await using var policy = await PolicyAsync("""
            "variables":[{"name":"x","expression":"object.data.x"},{"name":"twice","expression":"variables.x + variables.x"},{"name":"bad","expression":"1 / int(object.data.zero)"}],
            "validations":[{"expression":"variables.twice == '22'"},{"expression":"variables.x == '1' || variables.bad == 2 ? true : true"},{"expression":"variables.bad == 1"}]
            """);
        await using var binding = await BindAsync(ns);
        var answer = await CreateAsync(ns);
        Assert.Equal($"configmaps \"a\" is forbidden: ValidatingAdmissionPolicy '{Policy}' with binding '{Binding}' denied request: " +
            "expression 'variables.x == '1' || variables.bad == 2 ? true : true' resulted in error: composited variable \"bad\" fails to evaluate: division by zero", answer.Message);
    }

    [Fact]
    public async Task Failures_may_be_ignored_but_violations_count()
    {
        var ns = await server.NamespaceAsync();
        await using (var policy = await PolicyAsync(""" "failurePolicy":"Ignore","validations":[{"expression":"1 / int(object.data.zero) == 1"}]"""))
        await using (var binding = await BindAsync(ns))
            (await CreateAsync(ns)).Expect(HttpStatusCode.Created);
        await server.DeleteAsync($"/api/v1/namespaces/{ns}/configmaps/a");
        await using (var policy = await PolicyAsync(""" "failurePolicy":"Ignore","validations":[{"expression":"false"}]"""))
        await using (var binding = await BindAsync(ns))
            (await CreateAsync(ns)).ExpectStatus(422, "Invalid");
    }

    [Fact]
    public async Task A_binding_may_only_warn()
    {
        var ns = await server.NamespaceAsync();
        await using var policy = await PolicyAsync(""" "validations":[{"expression":"false","message":"careful"}]""");
        await using var binding = await BindAsync(ns, """ "validationActions":["Warn","Audit"]""");
        var answer = (await CreateAsync(ns)).Expect(HttpStatusCode.Created);
        Assert.Contains($"299 - \"Validation failed for ValidatingAdmissionPolicy '{Policy}' with binding '{Binding}': careful\"", answer.Warnings);
    }

    [Fact]
    public async Task Conditions_exclusions_and_names_narrow_a_policy()
    {
        var ns = await server.NamespaceAsync();
        await using (var policy = await PolicyAsync(""" "matchConditions":[{"name":"c","expression":"object.data.x != '2'"}],"validations":[{"expression":"false"}]"""))
        await using (var binding = await BindAsync(ns))
            (await CreateAsync(ns, "one")).Expect(HttpStatusCode.Created);
        await using (var policy = await PolicyAsync(""" "validations":[{"expression":"false"}]""", ""","excludeResourceRules":[{"apiGroups":[""],"apiVersions":["*"],"resources":["configmaps"],"operations":["CREATE"],"resourceNames":["two"]}]"""))
        await using (var binding = await BindAsync(ns))
        {
            (await CreateAsync(ns, "two")).Expect(HttpStatusCode.Created);
            (await CreateAsync(ns, "three")).ExpectStatus(422, "Invalid");
            (await server.DeleteAsync($"/api/v1/namespaces/{ns}/configmaps/two")).ExpectStatus(422, "Invalid");
        }

        (await server.GetAsync($"/api/v1/namespaces/{ns}/configmaps/two")).Expect(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Parameters_come_from_the_objects_that_a_binding_names_or_selects()
    {
        var ns = await server.NamespaceAsync();
        await ParamAsync(ns, "limit", "2", """{"role":"limit"}""");
        await ParamAsync(ns, "other", "3", """{"role":"limit"}""");
        const string Spec = """ "paramKind":{"apiVersion":"v1","kind":"ConfigMap"},"validations":[{"expression":"params.data.max == object.data.x","messageExpression":"'not ' + params.data.max"}]""";
        await using var policy = await PolicyAsync(Spec);
        await using (var binding = await BindAsync(ns, """ "validationActions":["Deny"],"paramRef":{"name":"limit","parameterNotFoundAction":"Deny"}"""))
            // A cluster starts to watch a kind of parameters when the first policy names it.
            await TestServer.EventuallyAsync(async () => (await CreateAsync(ns, "one")).Code == HttpStatusCode.Created, "the parameter is found");
        await using (var binding = await BindAsync(ns, """ "validationActions":["Deny"],"paramRef":{"selector":{"matchLabels":{"role":"limit"}},"parameterNotFoundAction":"Deny"}"""))
            Assert.EndsWith("denied request: not 3", (await CreateAsync(ns, "two")).Message, StringComparison.Ordinal);
        await using (var binding = await BindAsync(ns, """ "validationActions":["Deny"],"paramRef":{"name":"none","parameterNotFoundAction":"Deny"}"""))
            Assert.EndsWith("denied request: failed to configure binding: no params found for policy binding with `Deny` parameterNotFoundAction", (await CreateAsync(ns, "two")).Message, StringComparison.Ordinal);
        await using (var binding = await BindAsync(ns, """ "validationActions":["Deny"],"paramRef":{"name":"none","parameterNotFoundAction":"Allow"}"""))
            (await CreateAsync(ns, "two")).Expect(HttpStatusCode.Created);
    }

    [Fact]
    public async Task An_update_shows_both_objects_and_a_deletion_the_old_one()
    {
        var ns = await server.NamespaceAsync();
        (await CreateAsync(ns)).Expect(HttpStatusCode.Created);
        await using var policy = await PolicyAsync("""
            "validations":[{"expression":"request.operation != 'UPDATE' || object.data.x == oldObject.data.x","message":"x stays"},
                           {"expression":"request.operation != 'DELETE' || (object == null && oldObject.data.x != '2')","message":"it stays"}]
            """);
        await using var binding = await BindAsync(ns);
        Assert.EndsWith("denied request: x stays", (await server.MergeAsync($"/api/v1/namespaces/{ns}/configmaps/a", """{"data":{"x":"3"}}""")).Message, StringComparison.Ordinal);
        (await server.MergeAsync($"/api/v1/namespaces/{ns}/configmaps/a", """{"data":{"y":"3"}}""")).Expect(HttpStatusCode.OK);
        Assert.EndsWith("denied request: it stays", (await server.DeleteAsync($"/api/v1/namespaces/{ns}/configmaps/a")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(""" "validations":[{"expression":"object.x ==="}]""", "spec.validations[0].expression: Invalid value: \"object.x ===\": compilation failed: ERROR: <input>:1:")]
    [InlineData(""" "validations":[{"expression":"'a'"}]""", "spec.validations[0].expression: Invalid value: \"'a'\": must evaluate to bool but got string")]
    [InlineData(""" "validations":[{"expression":"params.x == 1"}]""", "spec.validations[0].expression: Invalid value: \"params.x == 1\": compilation failed: ERROR: <input>:1:1: undeclared reference to 'params' (in container '')")]
    [InlineData(""" "validations":[{"expression":"true","messageExpression":"1"}]""", "spec.validations[0].messageExpression: Invalid value: \"1\": must evaluate to string but got int")]
    [InlineData(""" "validations":[{"expression":"true","message":"a\nb"}]""", "spec.validations[0].message: Invalid value: \"a\\nb\": must not contain line breaks")]
    [InlineData(""" "validations":[{"expression":"true","reason":"Other"}]""", "spec.validations[0].reason: Unsupported value: \"Other\": supported values: \"Forbidden\", \"Invalid\", \"RequestEntityTooLarge\"")]
    [InlineData(""" "variables":[{"name":"for","expression":"1"}],"validations":[{"expression":"true"}]""", "spec.variables[0].name: Invalid value: \"for\": must be a valid CEL identifier")]
    [InlineData(""" "variables":[{"name":"a","expression":"variables.b"},{"name":"b","expression":"1"}],"validations":[{"expression":"true"}]""", "spec.variables[0].expression: Invalid value: \"variables.b\": compilation failed: ERROR: <input>:1:")]
    [InlineData(""" "validations":[]""", "spec.validations: Required value: validations or auditAnnotations must contain at least one item")]
    public async Task A_policy_that_could_not_be_evaluated_is_refused(string spec, string why)
    {
        var answer = await server.PostAsync($"{Configured.Registration}/validatingadmissionpolicies", PolicyBody(spec));
        answer.ExpectStatus(422, "Invalid");
        Assert.Contains(why, answer.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(""" "validationActions":[]""", "spec.validationActions: Required value: at least one validation action is required")]
    [InlineData(""" "validationActions":["Deny","Warn"]""", "spec.validationActions: Invalid value: [\"Deny\",\"Warn\"]: must not contain both Deny and Warn (repeating the same validation failure information in the API response and headers serves no purpose)")]
    [InlineData(""" "validationActions":["Stop"]""", "spec.validationActions[0]: Unsupported value: \"Stop\": supported values: \"Audit\", \"Deny\", \"Warn\"")]
    [InlineData(""" "validationActions":["Deny"],"paramRef":{"parameterNotFoundAction":"Deny"}""", "spec.paramRef: Required value: one of name or selector must be specified")]
    [InlineData(""" "validationActions":["Deny"],"paramRef":{"name":"a"}""", "spec.paramRef.parameterNotFoundAction: Required value")]
    public async Task A_binding_that_says_too_little_or_too_much_is_refused(string spec, string why)
    {
        var answer = await server.PostAsync($"{Configured.Registration}/validatingadmissionpolicybindings", BindingBody("none", spec));
        answer.ExpectStatus(422, "Invalid");
        Assert.Contains(why, answer.Message, StringComparison.Ordinal);
    }

    private Task<Answer> CreateAsync(string ns, string name = "a") => server.PostAsync($"/api/v1/namespaces/{ns}/configmaps",
        $$"""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"{{name}}"},"data":{"x":"2","zero":"0"} }""");

    private async Task ParamAsync(string ns, string name, string max, string labels) => (await server.PostAsync($"/api/v1/namespaces/{ns}/configmaps",
        $$"""{"metadata":{"name":"{{name}}","labels":{{labels}} },"data":{"max":"{{max}}"} }""")).Expect(HttpStatusCode.Created);

    private async Task<Configured> PolicyAsync(string spec, string constraints = "")
    {
        var made = await Configured.MakeAsync(server, "validatingadmissionpolicies", Policy, PolicyBody(spec, constraints));
        return made;
    }

    private async Task<Configured> BindAsync(string ns, string spec = """ "validationActions":["Deny"]""")
    {
        var made = await Configured.MakeAsync(server, "validatingadmissionpolicybindings", Binding, BindingBody(ns, spec));
        return made;
    }

    private string PolicyBody(string spec, string constraints = "") => $$"""
        {"apiVersion":"admissionregistration.k8s.io/v1","kind":"ValidatingAdmissionPolicy","metadata":{"name":"{{Policy}}"},"spec":{
         "matchConstraints":{"resourceRules":[{"apiGroups":[""],"apiVersions":["v1"],"resources":["configmaps"],"operations":["*"]}]{{constraints}} },{{spec}} } }
        """;

    private string BindingBody(string ns, string spec) => $$"""
        {"apiVersion":"admissionregistration.k8s.io/v1","kind":"ValidatingAdmissionPolicyBinding","metadata":{"name":"{{Binding}}"},"spec":{
         "policyName":"{{Policy}}","matchResources":{"namespaceSelector":{"matchLabels":{"kubernetes.io/metadata.name":"{{ns}}"} } },{{spec}} } }
        """;
}
