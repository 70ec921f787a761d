using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Slipway.Web.Access;

namespace Slipway.Web.Tests.Access;

public sealed class CircuitGuardTests(Cluster cluster) : IClassFixture<Cluster>
{
    [Fact]
    public async Task Nothing_more_comes_into_a_circuit_whose_session_is_over_whoever_takes_it_up_again()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch);
        using var house = new Gatehouse(new AccessOptions(cluster.Admin, cluster.Connect, static _ => throw new NotSupportedException(), static () => []), new Audit(NullLoggerFactory.Instance, time), time);
        var mine = house.Sessions.Open("mine", new Person("a", []), "t", null, "x");
        await using var nothing = new ServiceCollection().BuildServiceProvider();
        var visitor = new Visitor(house, nothing);
        Assert.Throws<UnauthorizedAccessException>(() => visitor.Over);
        visitor.Enter(mine);
        visitor.Enter(house.Sessions.Open("another's", new Person("b", []), "t", null, "x"));
        var came = 0;
        var enter = new CircuitGuard(visitor).CreateInboundActivityHandler(_ => Task.FromResult(came++));
        await enter(null!);
        house.Sessions.End(mine, SessionEnd.SignedOut);
        await enter(null!);
        Assert.Equal((1, "a"), (came, visitor.Person!.Name));
    }
}
