using Microsoft.Extensions.Time.Testing;
using Slipway.Operator.Devices;
using Slipway.Runtimes.Gangs;

namespace Slipway.Operator.Tests.Devices;

public sealed class CapabilityProbeTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _time = new();
    private FakeServer _server = null!;
    private CapabilityProbe _probe = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await FakeServer.StartAsync();
        _probe = new CapabilityProbe(new(_server.Connection), _time);
    }

    public async ValueTask DisposeAsync() => await _server.DisposeAsync();

    [Theory]
    [InlineData("v1.35.7", "v1alpha1", "v1alpha1/workloads")]
    [InlineData("v1.36.2", "v1alpha2", "v1alpha2/workloads", "v1alpha2/podgroups")]
    [InlineData("v1.37.0", "v1beta1", "v1beta1/podgroups", "v1alpha3/podgroups", "v1alpha3/compositepodgroups")]
    [InlineData("v1.37.0", "v1alpha3", "v1alpha3/podgroups")]
    public async Task The_best_version_that_is_served_is_spoken(string server, string version, params string[] served)
    {
        _server.Version = server;
        foreach (var kind in served) _server.Served.Add($"scheduling.k8s.io/{kind}");
        var found = await GetAsync();
        Assert.Equal((server, version, ""), (found.ServerVersion, found.Gangs.Dialect?.Version, found.Gangs.Why));
        Assert.Equal(0, _server.Writes);
    }

    [Theory]
    [InlineData("v1alpha1/workloads", "workloadRef")]
    [InlineData("v1alpha2/podgroups", "schedulingGroup")]
    public async Task A_field_of_pods_that_is_dropped_without_a_word_is_seen(string served, string field)
    {
        _server.Served.Add($"scheduling.k8s.io/{served}");
        _server.Dropped.Add(field);
        var found = await GetAsync();
        Assert.Null(found.Gangs.Dialect);
        Assert.Contains($"drops {field} of pods without a word: turn on the feature gate GenericWorkload", found.Gangs.Why, StringComparison.Ordinal);
    }

    // A pod whose gang nobody can make waits for ever.
    [Fact]
    public async Task A_field_that_is_kept_is_not_enough_where_the_kind_is_not_served()
    {
        var found = await GetAsync();
        Assert.Null(found.Gangs.Dialect);
        Assert.Contains("serves no gangs", found.Gangs.Why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_gated_field_is_told_apart()
    {
        _server.Served.Add("scheduling.k8s.io/v1alpha2/podgroups");
        foreach (var dropped in new[] { "firstAvailable", "tolerations", "schedulingConstraints" }) _server.Dropped.Add(dropped);
        _server.Forbidden.Add("deviceclasses");
        var states = (await GetAsync()).Fields.ToDictionary(f => f.Name, f => f.State);
        Assert.Equal(FieldState.Dropped, states["alternatives (firstAvailable)"]);
        Assert.Equal(FieldState.Kept, states["shares of devices (capacity.requests)"]);
        Assert.Equal(FieldState.Dropped, states["tolerations of devices' taints"]);
        Assert.Equal(FieldState.Unknown, states["extended resources of classes (extendedResourceName)"]);
        Assert.Equal(FieldState.Dropped, states["racks of gangs (schedulingConstraints)"]);
        Assert.Equal(FieldState.Kept, states["claims of gangs (resourceClaims)"]);
        var told = (await GetAsync()).Told().ToList();
        Assert.Contains(told, t => t.EndsWith("drops without a word: alternatives (firstAvailable), tolerations of devices' taints, racks of gangs (schedulingConstraints)", StringComparison.Ordinal));
        Assert.Contains(told, t => t.EndsWith("could not be tried: deviceclasses is forbidden", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("v1alpha2", "schedulingConstraints priorityClassName", GangFields.Claims | GangFields.Disruption)]
    [InlineData("v1beta1", "resourceClaims", GangFields.Topology | GangFields.Priority | GangFields.Disruption)]
    [InlineData("v1alpha3", "disruptionMode schedulingConstraints resourceClaims priorityClassName", GangFields.None)]
    public async Task The_fields_of_gangs_that_are_kept_are_known_to_who_renders_them(string version, string dropped, GangFields kept)
    {
        _server.Served.Add($"scheduling.k8s.io/{version}/podgroups");
        foreach (var field in dropped.Split(' ')) _server.Dropped.Add(field);
        Assert.Equal(kept, (await GetAsync()).Gangs.Fields);
        var rendering = await new CapabilityProbe(new(_server.Connection), _time, gangsOnly: true).GetAsync(TestContext.Current.CancellationToken);
        Assert.Equal(kept, rendering.Gangs.Fields);
        Assert.Equal(0, _server.Writes);
    }

    [Fact]
    public async Task A_cluster_without_claims_says_so_and_nothing_is_tried()
    {
        _server.Served.Clear();
        var found = await GetAsync();
        Assert.False(found.Claims);
        Assert.Equal(0, _server.DryRuns);
        Assert.Equal("Kubernetes v1.36.2 serves no resource.k8s.io/v1: devices cannot be claimed", found.Told().First());
    }

    [Fact]
    public async Task It_is_tried_again_when_the_server_is_another_version_and_after_a_while()
    {
        await GetAsync();
        var runs = _server.DryRuns;
        _time.Advance(CapabilityProbe.VersionEvery);
        await GetAsync();
        Assert.Equal(runs, _server.DryRuns);

        (_server.Version, _) = ("v1.37.0", _server.Served.Add("scheduling.k8s.io/v1beta1/podgroups"));
        Assert.Null((await GetAsync()).Gangs.Dialect);
        _time.Advance(CapabilityProbe.VersionEvery);
        Assert.Equal(GangDialect.V1Beta1, (await GetAsync()).Gangs.Dialect);

        _server.Served.Remove("scheduling.k8s.io/v1beta1/podgroups");
        _time.Advance(CapabilityProbe.Fresh);
        Assert.Null((await GetAsync()).Gangs.Dialect);
    }

    [Fact]
    public async Task A_server_that_does_not_answer_can_what_it_could()
    {
        _server.Served.Add("scheduling.k8s.io/v1alpha2/podgroups");
        await GetAsync();
        _server.IsDown = true;
        _time.Advance(CapabilityProbe.Fresh);
        Assert.Equal(GangDialect.V1Alpha2, (await GetAsync()).Gangs.Dialect);
    }

    private Task<ClusterCapabilities> GetAsync() => _probe.GetAsync(TestContext.Current.CancellationToken);
}
