namespace Slipway.Cel;

/// <summary>
/// A map that stays where it is: what a rule reads of it is asked for then, and nothing else is converted. It must not change while
/// a value of it is in use.
/// </summary>
public interface ICelMap
{
    /// <summary>How many entries there are.</summary>
    int Count { get; }

    /// <summary>Roughly how many steps a walk over everything below takes.</summary>
    long Weight { get; }

    /// <summary>The keys, each of which <see cref="Find"/> knows.</summary>
    IEnumerable<string> Keys { get; }

    /// <summary>The value of a key; null when there is none.</summary>
    CelValue? Find(string key);

    /// <summary>Whether what no key names, and no rule sees, is the same in another map.</summary>
    bool IsSameBeyondKeys(ICelMap other) => true;
}

/// <summary>A list that stays where it is, as <see cref="ICelMap"/> does.</summary>
public interface ICelList
{
    /// <summary>How many elements there are.</summary>
    int Count { get; }

    /// <summary>Roughly how many steps a walk over everything below takes.</summary>
    long Weight { get; }

    /// <summary>The element at an index from 0.</summary>
    CelValue this[int index] { get; }
}
