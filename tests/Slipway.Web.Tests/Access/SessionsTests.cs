using CsCheck;
using Microsoft.Extensions.Time.Testing;
using Slipway.Web.Access;

namespace Slipway.Web.Tests.Access;

public sealed class SessionsTests
{
    private static readonly SessionLimits s_limits = new() { Most = 5, MostOfOne = 3 };
    private static readonly Person s_alice = new("alice", []);

    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch);

    [Fact]
    public void Whatever_happens_nobody_stays_longer_than_they_may()
    {
        var step = Gen.Select(Gen.Int[0, 5], Gen.Int[0, 6], Gen.Int[0, 40 * 60]);
        step.List[0, 60].Sample(steps =>
        {
            var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch);
            using var sessions = new Sessions(time, s_limits);
            var known = new Dictionary<string, (DateTimeOffset Opened, DateTimeOffset Seen, DateTimeOffset? Token, Session Session)>();
            foreach (var (what, who, seconds) in steps)
            {
                var now = time.GetUtcNow();
                switch (what)
                {
                    case 0 or 1:
                        DateTimeOffset? end = seconds % 2 == 0 ? now.AddSeconds(seconds + 1) : null;
                        var secret = Sessions.NewSecret();
                        known[secret] = (now, now, end, sessions.Open(secret, new Person($"p{who}", []), "token", end, "here"));
                        break;
                    case 2 when known.Count > 0:
                        var shown = known.Keys.ElementAt(who % known.Count);
                        var (opened, seen, token, session) = known[shown];
                        if (sessions.Find(shown) is { } found)
                        {
                            Assert.Same(session, found);
                            Assert.True(now - opened < s_limits.Longest && now - seen < s_limits.Idle && (token is null || now < token));
                            known[shown] = (opened, now, token, session);
                        }
                        else
                        {
                            Assert.True(session.Over.IsCancellationRequested);
                            Assert.Empty(session.Token);
                        }

                        break;
                    case 3:
                        time.Advance(TimeSpan.FromSeconds(seconds));
                        break;
                    case 4:
                        sessions.Sweep();
                        break;
                    case 5 when known.Count > 0:
                        sessions.End(known.Values.ElementAt(who % known.Count).Session, SessionEnd.SignedOut);
                        break;
                }

                Assert.True(sessions.All.Count <= s_limits.Most);
                Assert.All(sessions.All.CountBy(static s => s.Person.Name), static p => Assert.True(p.Value <= 3));
            }
        });
    }

    [Fact]
    public void A_session_ends_for_the_reason_that_comes_first()
    {
        using var sessions = new Sessions(_time, new SessionLimits());
        var ends = new List<(string Who, SessionEnd? Why)>();
        sessions.Ended += s => ends.Add((s.Person.Name, s.Why));
        sessions.Open("a", new Person("idle", []), "t", null, "x");
        sessions.Open("b", new Person("token", []), "t", _time.GetUtcNow().AddMinutes(20), "x");
        var old = sessions.Open("c", new Person("old", []), "t", null, "x");
        using var circuit = sessions.Hold(old);
        _time.Advance(TimeSpan.FromMinutes(20));
        sessions.Sweep();
        _time.Advance(TimeSpan.FromMinutes(10));
        sessions.Sweep();
        _time.Advance(TimeSpan.FromHours(7.5) - TimeSpan.FromTicks(1));
        sessions.Sweep();
        Assert.Null(old.Why);
        _time.Advance(TimeSpan.FromTicks(1));
        sessions.Sweep();
        Assert.Equal([("token", SessionEnd.TokenEnded), ("idle", SessionEnd.Idle), ("old", SessionEnd.TooOld)], ends);
    }

    [Fact]
    public void A_page_that_is_open_is_not_idle_and_is_so_half_an_hour_after_it_was_closed()
    {
        using var sessions = new Sessions(_time, new SessionLimits());
        var session = sessions.Open("a", s_alice, "t", null, "x");
        using (sessions.Hold(session))
        {
            _time.Advance(TimeSpan.FromHours(3));
            Assert.Same(session, sessions.FindById(session.Id));
        }

        _time.Advance(TimeSpan.FromMinutes(29));
        Assert.NotNull(sessions.FindById(session.Id));
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Null(sessions.FindById(session.Id));
    }

    [Fact]
    public void When_there_are_too_many_the_one_that_is_idle_longest_goes_and_never_one_with_a_page_open_before_it()
    {
        using var sessions = new Sessions(_time, s_limits);
        var all = Enumerable.Range(0, 5).Select(i =>
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            return sessions.Open($"s{i}", new Person($"p{i}", []), "t", null, "x");
        }).ToList();
        using var circuit = sessions.Hold(all[0]);
        sessions.Find("s1");
        _time.Advance(TimeSpan.FromSeconds(1));
        sessions.Open("new", new Person("newcomer", []), "t", null, "x");
        Assert.Equal(SessionEnd.Crowded, all[2].Why);
        Assert.All(all.Where(s => s != all[2]), static s => Assert.Null(s.Why));
    }

    [Fact]
    public void One_person_alone_pushes_nobody_out()
    {
        using var sessions = new Sessions(_time, s_limits);
        var bob = sessions.Open("bob", new Person("bob", []), "t", null, "x");
        for (var i = 0; i < 20; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            sessions.Open($"a{i}", s_alice, "t", null, "x");
        }

        Assert.Null(bob.Why);
        Assert.Equal(4, sessions.All.Count);
    }

    [Fact]
    public void Secrets_are_long_and_unlike_each_other_and_no_other_opens_the_session()
    {
        using var sessions = new Sessions(_time, new SessionLimits());
        var secrets = Enumerable.Range(0, 100).Select(static _ => Sessions.NewSecret()).ToHashSet();
        Assert.Equal(100, secrets.Count);
        Assert.All(secrets, static s => Assert.Equal(43, s.Length));
        var secret = secrets.First();
        sessions.Open(secret, s_alice, "t", null, "x");
        Assert.NotNull(sessions.Find(secret));
        foreach (var other in new[] { "", secret[..^1], secret + "A", secret.ToUpperInvariant(), secrets.Last() }) Assert.Null(sessions.Find(other));
    }
}
