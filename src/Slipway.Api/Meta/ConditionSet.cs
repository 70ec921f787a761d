namespace Slipway.Api.Meta;

/// <summary>Collects the conditions of one pass over an object, keeping transition times of those that did not change.</summary>
/// <param name="previous">The conditions that stand on the object.</param>
/// <param name="generation">The object's generation that this pass looked at.</param>
/// <param name="now">The time of this pass.</param>
public sealed class ConditionSet(IReadOnlyList<Condition>? previous, long? generation, DateTimeOffset now)
{
    private readonly List<Condition> _conditions = [.. previous ?? []];

    /// <summary>The conditions as they stand, in the order in which they first appeared.</summary>
    public IReadOnlyList<Condition> Conditions => _conditions;

    /// <summary>Finds a condition by its type.</summary>
    /// <param name="type">The condition's type.</param>
    /// <returns>The condition, or <see langword="null"/>.</returns>
    public Condition? Find(string type) => _conditions.Find(c => c.Type == type);

    /// <summary>States a condition; its transition time moves only when its status does.</summary>
    /// <param name="type">The condition's type.</param>
    /// <param name="status">Whether it holds.</param>
    /// <param name="reason">One CamelCase word.</param>
    /// <param name="message">A sentence for people.</param>
    public void Set(string type, ConditionStatus status, string reason, string message)
    {
        var index = _conditions.FindIndex(c => c.Type == type);
        var condition = new Condition
        {
            Type = type,
            Status = status,
            Reason = reason,
            Message = message,
            ObservedGeneration = generation,
            // Whole seconds: that is what the API keeps, so an unchanged condition stays equal to what comes back.
            LastTransitionTime = index >= 0 && _conditions[index].Status == status
                ? _conditions[index].LastTransitionTime
                : new DateTimeOffset(now.Ticks - (now.Ticks % TimeSpan.TicksPerSecond), now.Offset),
        };
        if (index < 0) _conditions.Add(condition);
        else _conditions[index] = condition;
    }

    /// <summary>States that something holds.</summary>
    /// <inheritdoc cref="Set"/>
    public void True(string type, string reason, string message) => Set(type, ConditionStatus.True, reason, message);

    /// <summary>States that something does not hold.</summary>
    /// <inheritdoc cref="Set"/>
    public void False(string type, string reason, string message) => Set(type, ConditionStatus.False, reason, message);

    /// <summary>Withdraws a condition that no longer means anything.</summary>
    /// <param name="type">The condition's type.</param>
    public void Remove(string type) => _conditions.RemoveAll(c => c.Type == type);
}
