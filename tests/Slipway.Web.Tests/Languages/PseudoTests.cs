using AngleSharp.Dom;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using Slipway.Api.LocalEngines;
using Slipway.Api.Meta;
using Slipway.Api.ModelDeployments;
using Slipway.Api.Rollouts;
using Slipway.Capacity.Answers;
using Slipway.Capacity.Answers.Models;
using Slipway.Capacity.Inventory.Watched;
using Slipway.Models.Store;
using Slipway.Web.Access;
using Slipway.Web.Access.Members;
using Slipway.Web.Deploy;
using Slipway.Web.Deployments;
using Slipway.Web.Deployments.Upstream;
using Slipway.Web.Discover;
using Slipway.Web.Hardware;
using Slipway.Web.Languages;
using Slipway.Web.Layout;
using Slipway.Web.Playground;
using Slipway.Web.Rest;
using Slipway.Web.Rollouts;
using Slipway.Web.Settings;
using Slipway.Web.Tests.Fakes;

namespace Slipway.Web.Tests.Languages;

/// <summary>Every page, in a language that marks its texts: what is not marked is data, or did not go through the door.</summary>
public sealed class PseudoTests : PageTest
{
    // What tests call things, and what the cluster, the hub and models say in them.
    private const string Data = """
        (list|create|update|patch|delete|get) [\w.]+(/log)?|(cluster)?rolebinding/\S+
        |You may not .* Ask ops\.|what this machine costs is in no price list
        |(org|slipway)(/[\w-]+)?|\b(small|large|other)\b|slipway-models|tiny-chat(-\w+)?|laptop|mit\b|text generation|aws|us-east-1|g6\.xlarge|L4\b|one holds it|on-demand|list\b|llama(\.?cpp)?|GQA|bfloat16|Gguf
        |(default|team|gpus)\b(/[\w-]+)?|This machine|local\b|The only( ready runtime| one)?|The model answers|Pod \w+ .*|It fits with room\.|No machine type is known\.
        |arithmetic|Sums\.|ours|What our users ask\.|Suite ours has 40 prompts, too few\.|Look at it|Waits for approval|Started|GateFailed|asked for|a-b|because
        |vLLM|SGLang|TensorRT-LLM|curl|Python|C\#|JavaScript|Kustomize|Helm|JSON|v1\.0|1\.0|http\S+|(metadata|spec)\.[\w.]+|nvidia\S*|hf_…|NAMESPACE|apache-2\.0|llama3\.1|gemma
        |RTX \d+|Instinct\s?\w*|A\d+G?\b[^\n]*|H\d+[^\n]*|T4|L40S|B200[^\n]*|MI300X|GeForce[^\n]*|Tesla[^\n]*|NVIDIA[^\n]*|AMD[^\n]*|(GET|POST|PUT|DELETE|PATCH) \S+|GET|POST|PUT|DELETE|PATCH|/api/\S+
        |what this machine costs is in no price list|ORGANISATION/NAME|vllm|sglang|trtllm|llamacpp|max-num-seqs=64|VLLM_LOGGING_LEVEL=WARNING|openapi\.json|kustomization\.yaml|refused by the cluster|Bremen|weather|hello|\bada\b|\bread\b|You may not .* Ask ops\.|Warning|Pulled|It was pulled|GPU-\d|pod-\w+|node-\w+|Deployment( [xy])?\b|\b[abegrxy]\b
        """;

    public static TheoryData<string> Scenes => [.. s_scenes.Keys];

    private static readonly Dictionary<string, Func<PseudoTests, IEnumerable<IRenderedComponent<IComponent>>>> s_scenes = new(StringComparer.Ordinal)
    {
        ["frame"] = static t => [t.Render<NotFoundPage>(), t.Render<Tour>(), t.Render<TourOffer>(), t.Render<MainLayout>()],
        ["models"] = static t => t.Models(),
        ["model"] = static t => t.Model(),
        ["compare"] = static t => t.Compare(),
        ["deploy"] = static t => t.Deploy(),
        ["deployments"] = static t => t.Listed(),
        ["deployment"] = static t => t.Deployment(),
        ["states"] = static t => t.States(),
        ["editor"] = static t => t.Editor(),
        ["rollouts"] = static t => t.Changed(),
        ["playground"] = static t => t.Playground(),
        ["capacity"] = static t => t.Capacity(),
        ["settings"] = static t => t.Settings(),
        ["api"] = static t => [t.Render<ApiPage>()],
    };

    [Theory]
    [MemberData(nameof(Scenes))]
    public void Every_text_of_a_page_is_said_in_the_language_of_whoever_looks(string scene)
    {
        Language.Current = new Pseudo();
        var drawn = 0;
        // Scenes go on while they are looked at: each drawing is seen as it is then.
        foreach (var page in s_scenes[scene](this))
        {
            drawn++;
            var past = Pseudo.Past(page.Nodes.OfType<IElement>(), string.Concat(Data.Split('\n').Select(static l => l.Trim()))).Where(p => scene != "api" || !FromTheDescription(p)).Distinct().ToList();
            Assert.True(past.Count == 0, string.Join('\n', past));
        }

        Assert.NotEqual(0, drawn);
    }

    // The description of the REST API is English, as its answers are.
    private static bool FromTheDescription(string past) => past.StartsWith("<h3>", StringComparison.Ordinal) || past.StartsWith("<dd>", StringComparison.Ordinal) || past.StartsWith("<dt>", StringComparison.Ordinal) || past.StartsWith("<p>", StringComparison.Ordinal);

    private IEnumerable<IRenderedComponent<IComponent>> Models()
    {
        Answers.Ids = ["slipway/tiny-chat"];
        Answers.Plans = static q => FakeAnswers.Plan(q.Model.Id, "l4", 1, 2, 50);
        yield return Render<DiscoverPage>();
        Answers.Search = static _ => FakeAnswers.Page(FakeAnswers.Found("org/large", 900_000_000_000, "It needs terms: because.") with { ToDo = "because" }, FakeAnswers.Found("org/other", null));
        Answers.Plans = static _ => new PlansAnswer("org/x", new TrafficFact(1, 1, 1), [], []);
        var page = Render<DiscoverPage>();
        page.FindAll("input[type=checkbox]")[^1].Change(true);
        yield return page;
        Answers.Search = static _ => FakeAnswers.Page() with { LeftOut = 3, Origin = "BundledCatalogue", Because = "because" };
        yield return Render<DiscoverPage>();
        Answers.CapacityFault = new HttpRequestException("because");
        Answers.Search = static _ => new ModelError(ModelErrorKind.NotFound, "because");
        yield return Render<DiscoverPage>();
    }

    private IEnumerable<IRenderedComponent<IComponent>> Model()
    {
        Answers.Model = static q => FakeAnswers.Answer(q.Id, 64L << 30) with { Accelerators = [FakeAnswers.Fit("l4", 40), FakeAnswers.Fit("h100", 90) with { Verdict = "Refused", Reason = "because" }] };
        Answers.Plans = static q => FakeAnswers.Plan(q.Model.Id, "l4", 1, 2, 50);
        yield return Render<ModelPage>(static p => p.Add(m => m.Organisation, "org").Add(m => m.Name, "x"));
        Answers.Capacity = new CapacityAnswer("cluster", DateTimeOffset.UnixEpoch, [], [], Answers.Capacity.PerHour, Answers.Capacity.PerHour, []);
        Answers.Plans = static _ => new PlansAnswer("org/x", new TrafficFact(1, 1, 1), [], []);
        yield return Render<ModelPage>(static p => p.Add(m => m.Organisation, "org").Add(m => m.Name, "x"));
        Answers.Model = static _ => new ModelError(ModelErrorKind.NotFound, "because");
        yield return Render<ModelPage>(static p => p.Add(m => m.Organisation, "org").Add(m => m.Name, "x"));
    }

    private IEnumerable<IRenderedComponent<IComponent>> Compare()
    {
        var navigation = Services.GetRequiredService<NavigationManager>();
        yield return Render<ComparePage>();
        Answers.Plans = static q => FakeAnswers.Plan(q.Model.Id, "l4", 1, 2, 50);
        navigation.NavigateTo("compare?models=org/a,org/b,nonsense");
        yield return Render<ComparePage>();
    }

    private IEnumerable<IRenderedComponent<IComponent>> Deploy()
    {
        yield return Render<DeployPage>();
        var navigation = Services.GetRequiredService<NavigationManager>();
        Answers.Plans = static q => FakeAnswers.Plan(q.Model.Id, "l4", 1, 2, 50);
        navigation.NavigateTo("deploy?model=org/a");
        var page = Render<DeployPage>();
        yield return page;
        page.FindAll("[role=tab]")[1].Click();
        yield return page;
        Rights.Take(Right.Deploy, "default");
        Answers.CapacityFault = new HttpRequestException("because");
        Deployments.Choice = new RuntimePreview(null, "because", null, "because");
        yield return Render<DeployPage>();
    }

    private IEnumerable<IRenderedComponent<IComponent>> Listed()
    {
        yield return Render<DeploymentsPage>();
        Deployments.Put(Given.Ready("a"));
        Deployments.Put(Given.Deployment("b"));
        Answers.CostRows = [FakeAnswers.Cost("default/a", 1, 20)];
        Traffic.Stretches!.Add(FakeTraffic.Minute(DateTimeOffset.UnixEpoch, 3, 1, 0.25));
        var page = Render<DeploymentsPage>();
        yield return page;
        page.FindAll("tbody input")[0].Change(true);
        yield return page;
        foreach (var act in (int[])[0, 1, 2])
        {
            page.FindAll(".bulk .button")[act].Click();
            yield return page;
        }

        page.Find("input[type=search]").Input("nothing like it");
        yield return page;
        Rights.Take(Right.SeeDeployments, null);
        Deployments.Remove("a");
        Deployments.Remove("b");
        yield return Render<DeploymentsPage>();
    }

    private IEnumerable<IRenderedComponent<IComponent>> Deployment()
    {
        yield return Show();
        Deployments.Put(Given.Ready("a"));
        Deployments.LocalEngine = Given.Engine();
        Deployments.PlaceList.Add(new ReplicaPlace("pod-a", null, "Waiting for a node", "because", 2));
        Deployments.PlaceList.Add(new ReplicaPlace("pod-b", "node-b", "Ready", null, 0));
        Deployments.Events.Add(new KubernetesEvent { Metadata = new ObjectMeta { Name = "e" }, Type = "Warning", Reason = "Pulled", Message = "It was pulled", Count = 3, LastTimestamp = DateTimeOffset.UnixEpoch });
        Deployments.Upstream.Add(new UpstreamObject("Deployment", "x", "kind: Deployment", true, [new UpstreamDifference("spec.replicas", "1", "2")]));
        Deployments.Upstream.Add(new UpstreamObject("Deployment", "y", "kind: Deployment", false, []));
        Traffic.Stretches!.Add(FakeTraffic.Minute(DateTimeOffset.UnixEpoch, 3, 1, 0.25));
        Keys.Require("default");
        Rights.Take(Right.Change, "default");
        Logs.Write("hello");
        var page = Show();
        yield return page;
        foreach (var closed in page.FindAll("details.upstream, .charts + p + details")) closed.TriggerEvent("ontoggle", EventArgs.Empty);
        yield return page;
        Deployments.Refusal = "refused by the cluster";
        page.Find("[aria-label$='more⟧']").Click();
        yield return page;
    }

    private IEnumerable<IRenderedComponent<IComponent>> States()
    {
        ModelDeployment[] all =
        [
            Given.Deployment("a"),
            Given.Deployment("a") with { Spec = new ModelDeploymentSpec { Model = new ModelSpec(), Scaling = new ScalingSpec { Replicas = 0 } } },
            Given.Chosen(Given.Deployment("a", DeploymentPhase.Deploying, "because", Given.Is(ConditionTypes.ResourceCreated, "Made", "because"), Given.IsNot(ConditionTypes.ModelDownloaded, "Downloading", "because"))),
            .. new[] { ConditionTypes.Validated, ConditionTypes.EngineSelected, ConditionTypes.ProviderCompatible, ConditionTypes.Sized, ConditionTypes.StorageReady, ConditionTypes.ModelDownloaded, ConditionTypes.GatewayReady, ConditionTypes.Ready }
                .Select(static type => Given.Deployment("a", DeploymentPhase.Failed, "because", Given.IsNot(type, "Wrong", "because"))),
        ];
        foreach (var deployment in all)
        {
            Deployments.Put(deployment);
            Deployments.LocalEngine = Given.Engine("because") with { Status = new LocalEngineStatus { Download = new LocalDownload { BytesDone = 1 << 20, BytesTotal = 1 << 30, BytesPerSecond = 1 << 19 } } };
            yield return Show();
        }
    }

    private IEnumerable<IRenderedComponent<IComponent>> Editor()
    {
        Deployments.Put(Given.Ready("a"));
        var page = Show();
        page.FindAll(".card-head .button").First(static b => b.TextContent == "⟦Edit⟧").Click();
        yield return page;
        page.Find("input[name=how]:not([checked])").Change("on");
        yield return page;
        page.Find(".editor textarea").Input("apiVersion: airunway.ai/v1alpha1\nkind: ModelDeployment\nmetadata: {name: a, namespace: default}\nspec: {model: {id: org/b}}\n");
        page.Find(".begin select").Change("arithmetic");
        yield return page;
        page.Find(".begin select").Change("ours");
        yield return page;
    }

    private IEnumerable<IRenderedComponent<IComponent>> Changed()
    {
        yield return Render<RolloutsPage>();
        yield return Render<RolloutPage>(static p => p.Add(r => r.Space, "default").Add(r => r.Name, "r"));
        Rollouts.Findings = new GateFindings([new GatePair("because", "hello", new PairSide("hello", 1, "because", 1), new PairSide("", null, "because", 1))], [new CoursePoint(1, 0.2, 0.1), new CoursePoint(2, 0.4, 0.1)]);
        foreach (var phase in Enum.GetValues<RolloutPhase>())
        {
            Rollouts.Put(FakeRollouts.Rollout("r", phase, phase is RolloutPhase.Progressing ? 2 : 0, static s => s with
            {
                Gates = [FakeRollouts.Gate("Pass", 60), FakeRollouts.Gate("Running", 60)],
                Traffic = new TrafficStatus { Requests = 3, Latency = [new LatencyEvidence { Measure = LatencyMeasure.FirstToken, LimitSeconds = 1 }] },
                History = [new RolloutDecision { Time = DateTimeOffset.UnixEpoch, What = "Started", Why = "because" }],
                Capacity = new CapacityStatus { Replicas = 2, StableReplicas = 1, CandidateReplicas = 1 },
            }));
            yield return Render<RolloutPage>(static p => p.Add(r => r.Space, "default").Add(r => r.Name, "r"));
            yield return Render<RolloutsPage>();
            yield return Render<RolloutNotice>(static p => p.Add(r => r.Space, "default").Add(r => r.Name, "a"));
        }
    }

    private IEnumerable<IRenderedComponent<IComponent>> Playground()
    {
        yield return Render<PlaygroundPage>();
        Deployments.Put(Given.Ready("a"));
        Services.GetRequiredService<NavigationManager>().NavigateTo("playground?model=b&temperature=hello");
        var page = Render<PlaygroundPage>();
        yield return page;
        page.Find("input[max='2']").Change("7");
        page.Find(".chat select").Change("a");
        yield return page;
        page.FindAll(".settings-card button")[0].Click();
        page.Find(".settings-card select").Change("JsonSchema");
        yield return page;
        page.FindAll(".page-head .button")[1].Click();
        yield return page;
        yield return Render<TurnView>(static p => p.Add(v => v.Turn, new ChatTurn("assistant", "hello") { Reasoning = "because", Calls = [new ToolCall("a", "weather", "{}")], Unanswered = true, Json = AnswerFormat.Read(AnswerShape.JsonObject, null).Format!.Judge("hello") }));
        yield return Render<TurnView>(static p => p.Add(v => v.Turn, new ChatTurn("tool", "hello")));
        yield return Render<ToolResults>(static p => p.Add(r => r.Calls, [new ToolCall("a", "weather", "{}")]));
    }

    private IEnumerable<IRenderedComponent<IComponent>> Capacity()
    {
        Deployments.Put(Given.Ready("a"));
        Deployments.LocalEngine = Given.Engine();
        yield return Render<CapacityPage>();
        var laptop = Answers.Capacity.Nodes[0];
        Answers.Capacity = Answers.Capacity with
        {
            Of = "cluster",
            Nodes =
            [
                laptop with
                {
                    Name = "node-a",
                    Schedulable = false,
                    FreeMemoryBytes = null,
                    FreeCpuMillis = 1000,
                    Devices = [new DeviceAnswer { Resource = "nvidia.com/gpu", Total = 4, Allocatable = 3, Used = 2, Free = 1, Holders = [new("default", "pod-a", "default/a", 1), new("default", "pod-b", null, 1)] }],
                    Readings = [new DeviceReading("GPU-0") { Busy = 0.25, UsedMemoryBytes = 1 << 30 }, new DeviceReading("GPU-1") { Broken = "because" }],
                    HeldIdlePerHour = new CostAmount(1.5m, "USD", null, []),
                },
            ],
            Waiting = ["default/pod-c"],
            Quotas = [new QuotaAnswer("default", "gpus", ["because"], [new QuotaLimit("requests.nvidia.com/gpu", 8, 6, 2, "because")])],
        };
        yield return Render<CapacityPage>();
        Answers.CapacityFault = new HttpRequestException("because");
        yield return Render<CapacityPage>();
    }

    private IEnumerable<IRenderedComponent<IComponent>> Settings()
    {
        Hub.State = Hub.State with { Name = "ada", Role = "read" };
        Keys.Put(FakeKeys.Key("default", "a"));
        Keys.Require("default");
        Deployments.Put(Given.Ready("a"));
        Deployments.RuntimeList.Add(FakeDeployments.Runtime("b", "because", EngineType.Vllm) with { Status = null });
        Members.AreThere = true;
        Members.Answer = static () => new MemberList([new Member("User", "ada", [Right.Scale], ["rolebinding/a"]), new Member("Group", "ada", [Right.Scale], ["clusterrolebinding/system:a"])], null);
        var page = Render<SettingsPage>();
        yield return page;
        page.Find("#members form").Submit();
        yield return page;
        Members.Answer = static () => new MemberList([], null);
        page.Find("#members form").Submit();
        yield return page;
        Members.AreThere = false;
        page.Find("#new-key").Submit();
        yield return page;
        page.Find("#keys td .danger").Click();
        yield return page;
        Hub.State = Hub.State with { Name = null, Role = null, Fault = "because" };
        Deployments.RuntimeList.Clear();
        yield return Render<SettingsPage>();
        Rights.Take(Right.SeeRuntimes, null);
        Hub.IsMine = false;
        yield return Render<SettingsPage>();
    }

    private IRenderedComponent<DeploymentPage> Show() => Render<DeploymentPage>(static p => p.Add(d => d.Space, "default").Add(d => d.Name, "a"));
}
