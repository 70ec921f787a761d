namespace Slipway.Web.Discover;

/// <summary>The models that are on this machine already: those that come with Slipway, and the user's own.</summary>
public interface IModelShelf
{
    /// <summary>Their ids, by name.</summary>
    IReadOnlyList<string> Ids { get; }
}
