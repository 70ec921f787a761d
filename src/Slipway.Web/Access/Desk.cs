using Slipway.Kubernetes.Connection;

namespace Slipway.Web.Access;

/// <summary>What a signed-in person works with: a connection that carries their token, and what they may do over it.</summary>
public sealed class Desk : IDisposable
{
    private readonly KubeConnection _connection;

    internal Desk(Session session, KubeConnection connection, TimeProvider time)
    {
        _connection = connection;
        Person = session.Person;
        Client = new KubeClient(connection);
        Asked = new PersonRights(new AccessQuestions(Client), time, session.Over);
    }

    /// <summary>Whose it is.</summary>
    public Person Person { get; }

    /// <summary>The API, as that person.</summary>
    public KubeClient Client { get; }

    /// <summary>What they may do.</summary>
    public IRights Rights => Asked;

    internal PersonRights Asked { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        Asked.Close();
        _connection.Dispose();
    }
}
