using System.Collections.Immutable;

namespace Slipway.Capacity.Answers;

/// <summary>Whether a namespace has room for a deployment, by its quotas and its queue.</summary>
/// <param name="Facts">What there is to say, what stands in the way first; empty where nothing limits it.</param>
/// <param name="Unread">What could not be read, in words.</param>
public sealed record RoomAnswer(ImmutableArray<RoomFact> Facts, ImmutableArray<string> Unread)
{
    /// <summary>Nothing to say.</summary>
    public static RoomAnswer None { get; } = new([], []);

    /// <summary>What stands in the way, in sentences.</summary>
    public IEnumerable<string> Against => Facts.Where(static f => f.Fits is false).Select(static f => f.Text);

    /// <summary>What limits it and leaves room, in sentences.</summary>
    public IEnumerable<string> For => Facts.Where(static f => f.Fits is not false).Select(static f => f.Text);
}

/// <summary>What a quota or a queue means for a deployment.</summary>
/// <param name="Text">In words, as in "quota team-a: 6 of 8 devices of gpu.nvidia.com used, this asks for 4".</param>
/// <param name="Fits">Whether it leaves room; null when that is not known.</param>
public sealed record RoomFact(string Text, bool? Fits);
