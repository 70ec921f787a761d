using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Slipway.Api.ModelDeployments;
using Slipway.Integration.Tests.Harness;
using Slipway.Integration.Tests.Runtimes;
using Slipway.Kubernetes.Leases;
using Slipway.Kubernetes.Objects;
using Slipway.Operator.Admission;
using Slipway.Operator.Install;
using Slipway.Operator.Keeping;
using Slipway.Simulators;
using Slipway.Testing.Hub;

namespace Slipway.Integration.Tests.Install;

/// <summary>The operator with the rights that its manifests give it, as the ServiceAccount that they make.</summary>
public sealed class LeastPrivilegeTests(BareCluster cluster) : IClassFixture<BareCluster>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_rights_in_the_manifests_are_enough_for_every_runtime_and_each_is_used()
    {
        using var installed = await Installed.Async(cluster);
        var (client, used, ns) = (installed.Client, installed.Used, installed.Namespace);
        await using (var keeper = new CertificateKeeper(client, ns, TimeProvider.System, NullLogger<CertificateKeeper>.Instance)) await keeper.StartAsync(Token);
        // What is kept is made once, and then changed.
        foreach (var name in (string[])[OperatorNamespace.Speed, OperatorNamespace.Costs])
        {
            var kept = new ConfigMapText(client, new NamespacedName(ns, name), "k");
            foreach (var text in (string[])["a", new string('b', 200_000)]) Assert.Null(await kept.WriteAsync(text, Token));
            Assert.Equal((new string('b', 200_000), null), await kept.ReadAsync(Token));
        }

        await using (var elector = new LeaderElector(client, new NamespacedName(ns, "slipway-operator"), "test", TimeProvider.System, NullLogger<LeaderElector>.Instance))
        {
            await elector.AcquireAsync(Token);
            await using var hub = await FakeHub.StartAsync();
            hub.Add("org/large").With("config.json", Encoding.UTF8.GetBytes(SizedByTheHubTests.Config), lfs: false);
            await using var slipway = await cluster.StartSlipwayAsync(TimeProvider.System, client, hub.Endpoint);
            foreach (var test in RuntimeCase.Driven.Concat([Autoscaled(), Adapted(), Sized(), Claimed()]))
            {
                var deployed = await Deployed.ApplyAsync(cluster, test.Spec);
                await deployed.UntilAsync(DeploymentPhase.Running);
                // A crash and its end write the same event twice.
                foreach (var stage in (Stage[])[Stage.Crashing, Stage.Ready, Stage.Crashing, Stage.Ready])
                {
                    deployed.Take(stage);
                    await deployed.UntilAsync(d => (d.Status!.Phase is DeploymentPhase.Running) == stage is Stage.Ready, $"stage {stage}");
                }

                if (test.Name == Claimed().Name)
                {
                    deployed.Take(Stage.Loading);
                    var unclaimed = new Unclaimed(cluster, deployed);
                    await unclaimed.IsToldAsync();
                    await unclaimed.MendAsync();
                    deployed.Take(Stage.Ready);
                    await deployed.UntilAsync(DeploymentPhase.Running);
                }

                // A route comes with the model, and goes when it is not wanted.
                await deployed.UntilAsync(ConditionTypes.GatewayReady, ConditionTypes.GatewayReady);
                var hidden = test.Spec.DeepClone().AsObject();
                hidden["gateway"] = new JsonObject { ["enabled"] = false };
                await deployed.ApplyAsync(hidden);
                await Wait.UntilAsync(async () => await cluster.Client.GetAsync(ApiKinds.HttpRoutes, deployed.Key, Token) is null, "the route to go");
                await deployed.DeleteAsync();
                await deployed.GoneAsync();
            }

            await HeldBackAsync();
        }

        await installed.RemoveGatewayAsync();
        Assert.Equal("", string.Join('\n', used.Refused));
        var needed = used.Rights.Select(r => (r.Group, r.Resource, Verb: r.Verb is "watch" ? "list" : r.Verb)).ToHashSet();
        var core = OperatorAccess.Core.Where(r => !r.Resources[0].EndsWith("/finalizers", StringComparison.Ordinal)).Concat(OperatorAccess.Own).Concat(OperatorAccess.Webhook).Concat(OperatorAccess.WebhookOwn);
        // Watches begin with the list; an apply of what is not there yet takes the right to create it.
        Assert.DoesNotContain(core.SelectMany(Each), r => !needed.Contains((r.Group, r.Resource, r.Verb switch { "watch" => "list", "create" when !needed.Contains(r) => "patch", _ => r.Verb })));

        // A runtime has the same rights to all kinds that it renders; each kind must be one that it does render, where this cluster serves it.
        var served = (await cluster.Client.ListAsync(Operator.Upstream.Definition.Resource, null, Token)).Select(d => d.Metadata.Name).ToHashSet();
        foreach (var runtime in BareCluster.Runtimes.Select(r => r.Descriptor))
        {
            var kinds = runtime.Others.Prepend(runtime.Object).Where(k => !k.IsCustom || served.Contains($"{k.Plural}.{k.Group}"));
            Assert.Empty(kinds.Where(k => !needed.Contains((k.Group, k.Plural, "list")) || !needed.Contains((k.Group, k.Plural, "patch"))).Select(k => $"{runtime.Name}: {k.Plural}.{k.Group}"));
        }
    }

    [Fact]
    public void No_runtime_may_read_Secrets_or_touch_pods_and_nothing_is_for_everything()
    {
        var all = BareCluster.Runtimes.SelectMany(r => OperatorAccess.Of(r.Descriptor)).Concat(OperatorAccess.Core).Concat(OperatorAccess.Own).SelectMany(Each).ToList();
        Assert.DoesNotContain(all, r => r.Resource is "secrets" or "*" || r.Verb is "*" or "escalate" or "bind" or "impersonate" || r.Group is "*");
        // The webhook's rights, and those to the key that signs decisions, are for what bears their names.
        Assert.All(OperatorAccess.Webhook.Concat(OperatorAccess.WebhookOwn).Concat(OperatorAccess.RolloutsOwn), r => Assert.Single(r.Names));
        Assert.DoesNotContain(all, r => r.Resource.StartsWith("pods", StringComparison.Ordinal) && r.Verb is not ("get" or "list" or "watch"));
    }

    private static IEnumerable<(string Group, string Resource, string Verb)> Each(Slipway.Runtimes.AccessRule rule) =>
        rule.Resources.SelectMany(r => rule.Verbs.Select(v => (rule.Group, r, v)));

    // Without a controller that makes pods, a quota may be why; pods that find no node may wait for one to be made.
    private async Task HeldBackAsync()
    {
        var spec = Claimed().Spec;
        spec["scheduling"] = new JsonObject { ["queueName"] = "gpus" };
        var deployed = await Deployed.ApplyAsync(cluster, spec, Stage.OperatorGone);
        await cluster.Client.ApplyRawAsync(
            $"api/v1/namespaces/{deployed.Key.Namespace}/resourcequotas/none",
            Encoding.UTF8.GetBytes("""{"apiVersion":"v1","kind":"ResourceQuota","metadata":{"name":"none"},"spec":{"hard":{"pods":"0"}}}"""), "test", Token);
        await deployed.UntilAsync(ConditionTypes.WithinQuota, "QuotaExceeded");
        await deployed.UntilAsync(ConditionTypes.QueueAdmitted, "NotServed");
        deployed.Take(Stage.Unschedulable);
        await deployed.UntilAsync(ConditionTypes.Ready, "Unschedulable");
        await deployed.DeleteAsync();
        deployed.Take(Stage.Ready);
        await deployed.GoneAsync();
    }

    private static RuntimeCase Autoscaled()
    {
        var vllm = RuntimeCase.All.Single(c => c.Name == "vllm");
        var spec = vllm.Spec.DeepClone().AsObject();
        spec["scaling"] = new JsonObject { ["autoscaling"] = new JsonObject { ["minReplicas"] = 1, ["maxReplicas"] = 3, ["metric"] = "queue", ["target"] = 4 } };
        return vllm with { Name = "vllm, autoscaled", Spec = spec };
    }

    private static RuntimeCase Sized()
    {
        var vllm = RuntimeCase.All.Single(c => c.Name == "vllm");
        var spec = vllm.Spec.DeepClone().AsObject();
        spec.Remove("resources");
        spec["model"]!["id"] = "org/large";
        return vllm with { Name = "vllm, sized", Spec = spec };
    }

    private static RuntimeCase Claimed()
    {
        var vllm = RuntimeCase.All.Single(c => c.Name == "vllm");
        var spec = vllm.Spec.DeepClone().AsObject();
        spec["resources"] = new JsonObject { ["accelerators"] = new JsonObject { ["minMemory"] = "40G" } };
        return vllm with { Name = "vllm, claimed", Spec = spec };
    }

    private static RuntimeCase Adapted()
    {
        var dynamo = RuntimeCase.All.Single(c => c.Name == "dynamo");
        var spec = dynamo.Spec.DeepClone().AsObject();
        spec["model"]!["adapters"] = new JsonArray(new JsonObject { ["name"] = "sql", ["id"] = "org/sql-adapter" });
        return dynamo with { Name = "dynamo, adapted", Spec = spec };
    }
}
