using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Slipway.Web.Access.Oidc;

namespace Slipway.Web.Access;

/// <summary>Who is at the page. In memory: a restart signs everybody out.</summary>
/// <param name="time">The clock.</param>
/// <param name="limits">How long they last, and how many there may be.</param>
public sealed class Sessions(TimeProvider time, SessionLimits limits) : IDisposable
{
    private const int SecretBytes = 32;

    private readonly Lock _lock = new();

    // By the SHA-256 of the secret: how long a comparison takes says nothing about the secret, and who reads the memory of these keys has none.
    private readonly Dictionary<string, Session> _byKey = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Session> _byId = new(StringComparer.Ordinal);
    private long _number;

    /// <summary>Raised when one ended, whatever the reason.</summary>
    public event Action<Session>? Ended;

    /// <summary>Those that go on.</summary>
    public IReadOnlyList<Session> All
    {
        get
        {
            lock (_lock) return [.. _byKey.Values];
        }
    }

    /// <summary>Makes a secret of 256 random bits, as a cookie holds it.</summary>
    public static string NewSecret() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes));

    /// <summary>Opens a session. Where there are too many, the one that is idle longest goes.</summary>
    /// <param name="secret">What the browser or program will show.</param>
    /// <param name="person">Whose it is.</param>
    /// <param name="token">Their token.</param>
    /// <param name="tokenEnds">When the token ends; null when it does not say.</param>
    /// <param name="from">The address that it is opened from.</param>
    public Session Open(string secret, Person person, string token, DateTimeOffset? tokenEnds, string from) => Open(secret, person, token, tokenEnds, from, null);

    internal Session Open(string secret, Person person, string token, DateTimeOffset? tokenEnds, string from, OidcTokens? grant)
    {
        ArgumentNullException.ThrowIfNull(person);
        var now = time.GetUtcNow();
        var latest = now + limits.Longest;
        List<(Session Session, SessionEnd Why)> gone = [];
        Session session;
        lock (_lock)
        {
            var key = KeyOf(secret);
            if (_byKey.TryGetValue(key, out var same)) gone.Add((same, SessionEnd.SignedOut));
            // A token that is renewed ends no session by its own end.
            var end = grant?.Refresh is null && tokenEnds < latest ? tokenEnds.Value : latest;
            session = new Session(++_number, key, person, token, tokenEnds, from, now, end) { Grant = grant };
            foreach (var (old, _) in gone) Remove(old);
            if (Idlest(_byKey.Values.Where(s => s.Person.Name == person.Name), limits.MostOfOne) is { } own) gone.Add((Remove(own), SessionEnd.Crowded));
            if (Idlest(_byKey.Values, limits.Most) is { } idlest) gone.Add((Remove(idlest), SessionEnd.Crowded));
            _byKey.Add(key, session);
            _byId.Add(session.Id, session);
        }

        foreach (var (old, why) in gone) Finish(old, why);
        return session;
    }

    /// <summary>Gives a session a new token in place of one that ends.</summary>
    /// <param name="session">Which.</param>
    /// <param name="grant">What the provider gave.</param>
    /// <param name="ends">When the token ends; null when it does not say.</param>
    internal void Renew(Session session, OidcTokens grant, DateTimeOffset? ends)
    {
        lock (_lock) session.Renew(grant, ends, time.GetUtcNow());
    }

    /// <summary>Finds the session of a secret, which counts as a request of it; null when there is none, or it is over.</summary>
    /// <param name="secret">What was shown.</param>
    public Session? Find(string secret)
    {
        Session? found;
        lock (_lock) found = _byKey.GetValueOrDefault(KeyOf(secret));
        if (found is null || EndsNow(found)) return null;
        lock (_lock) found.LastSeen = time.GetUtcNow();
        return found;
    }

    /// <summary>Finds a session by its <see cref="Session.Id"/>; null when there is none, or it is over.</summary>
    /// <param name="id">Which.</param>
    public Session? FindById(string id)
    {
        Session? found;
        lock (_lock) found = _byId.GetValueOrDefault(id);
        return found is null || EndsNow(found) ? null : found;
    }

    /// <summary>Keeps a session from being idle until what is returned is disposed.</summary>
    /// <param name="session">Which.</param>
    public IDisposable Hold(Session session)
    {
        ArgumentNullException.ThrowIfNull(session);
        lock (_lock) session.Circuits++;
        return new Held(() =>
        {
            lock (_lock)
            {
                session.Circuits--;
                session.LastSeen = time.GetUtcNow();
            }
        });
    }

    /// <summary>Ends a session.</summary>
    /// <param name="session">Which.</param>
    /// <param name="why">Why.</param>
    public void End(Session session, SessionEnd why)
    {
        ArgumentNullException.ThrowIfNull(session);
        lock (_lock)
        {
            if (!_byId.ContainsKey(session.Id)) return;
            Remove(session);
        }

        Finish(session, why);
    }

    /// <summary>Ends those whose time has come, so that no token is kept for longer than it is of use.</summary>
    public void Sweep()
    {
        foreach (var session in All) EndsNow(session);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var session in All) End(session, SessionEnd.Stopped);
    }

    /// <summary>What a secret is kept by.</summary>
    internal static string KeyOf(string secret) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));

    private bool EndsNow(Session session)
    {
        var now = time.GetUtcNow();
        SessionEnd? why;
        lock (_lock)
        {
            why = now >= session.Ends ? (session.Ends - session.Opened >= limits.Longest ? SessionEnd.TooOld : SessionEnd.TokenEnded)
                : now >= session.TokenEnds ? SessionEnd.TokenEnded
                : session.Circuits == 0 && now - session.LastSeen >= limits.Idle ? SessionEnd.Idle
                : null;
        }

        if (why is not { } over) return false;
        End(session, over);
        return true;
    }

    private static Session? Idlest(IEnumerable<Session> sessions, int most)
    {
        var all = sessions.ToList();
        return all.Count < most ? null : all.MinBy(static s => (s.Circuits > 0, s.LastSeen, s.Opened));
    }

    private Session Remove(Session session)
    {
        _byKey.Remove(session.Key);
        _byId.Remove(session.Id);
        return session;
    }

    private void Finish(Session session, SessionEnd why)
    {
        session.End(why);
        Ended?.Invoke(session);
    }

    private sealed class Held(Action release) : IDisposable
    {
        private Action? _release = release;

        public void Dispose() => Interlocked.Exchange(ref _release, null)?.Invoke();
    }
}
