namespace Slipway.Operator.Rollouts.Shadowing;

/// <summary>Requests of users, and what was answered, as namespaces have them recorded.</summary>
public interface IRecordedTraffic
{
    /// <summary>Whether a namespace has its requests recorded now.</summary>
    /// <param name="ns">The namespace.</param>
    bool IsAsked(string ns);

    /// <summary>Reads the recordings of a namespace.</summary>
    /// <param name="ns">The namespace.</param>
    /// <returns>Lines of JSON: `{"id", "created", "deployment", "url", "session", "request", "response"}`.</returns>
    /// <exception cref="IOException">They cannot be read.</exception>
    /// <exception cref="System.Security.Cryptography.CryptographicException">They cannot be decrypted.</exception>
    IEnumerable<string> Read(string ns);
}
