namespace Slipway.Gateway.Records;

/// <summary>
/// Is told of each request. Called where requests are carried, by many threads at once: it must not wait, throw or allocate for each. Whoever has more to do reads from a <see cref="RequestFeed"/>.
/// </summary>
public interface IRequestObserver
{
    /// <summary>A request was given to a deployment. A record with the same deployment follows, whatever happens.</summary>
    /// <param name="deployment">The deployment, as namespace/name.</param>
    /// <param name="at">When.</param>
    void Began(string deployment, DateTimeOffset at);

    /// <summary>A request is through, or one deployment is through with it.</summary>
    /// <param name="record">What became of it.</param>
    void Ended(in RequestRecord record);

    /// <summary>A copy of a user's request is through. Such are told here and nowhere else, so that they never count as users' requests.</summary>
    /// <param name="record">What became of it.</param>
    void Copied(in RequestRecord record)
    {
    }

    /// <summary>A request was to be copied, and was not: too many at a time, or too large.</summary>
    /// <param name="deployment">The deployment that was to have the copy, as namespace/name.</param>
    void NotCopied(string deployment)
    {
    }
}
