namespace Slipway.Web.Access;

/// <summary>What the person at the page may do, as far as the API has said so of late. What counts is the API's answer to the call itself.</summary>
public interface IRights
{
    /// <summary>Raised when it is another than before; on a flow that must not be held up.</summary>
    event Action? Changed;

    /// <summary>Why it is not known, and what to do; null when it is.</summary>
    string? Fault { get; }

    /// <summary>Whether they may, for sure.</summary>
    /// <param name="right">What.</param>
    /// <param name="space">The namespace; null for the whole cluster.</param>
    /// <param name="name">The object; null for all.</param>
    bool May(Right right, string? space, string? name = null);

    /// <summary>Which right is missing for something, and whom to ask; null when none is.</summary>
    /// <param name="right">What.</param>
    /// <param name="space">The namespace; null for the whole cluster.</param>
    /// <param name="name">The object; null for all.</param>
    string? Missing(Right right, string? space, string? name = null);

    /// <summary>Asks what they may do in a namespace, unless that is known.</summary>
    /// <param name="space">The namespace.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <param name="anew">Whether to ask even so: after a refusal, and before something that lasts.</param>
    Task LookAsync(string space, CancellationToken cancellationToken, bool anew = false);
}

/// <summary>On loopback the page's user is the one who started the program, and may what they may.</summary>
public sealed class EveryRight : IRights
{
    /// <inheritdoc/>
    public event Action? Changed
    {
        add { }
        remove { }
    }

    /// <inheritdoc/>
    public string? Fault => null;

    /// <inheritdoc/>
    public bool May(Right right, string? space, string? name = null) => true;

    /// <inheritdoc/>
    public string? Missing(Right right, string? space, string? name = null) => null;

    /// <inheritdoc/>
    public Task LookAsync(string space, CancellationToken cancellationToken, bool anew = false) => Task.CompletedTask;
}
