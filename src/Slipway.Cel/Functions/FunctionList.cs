namespace Slipway.Cel.Functions;

/// <summary>Collects a library's overloads, written one a line.</summary>
internal sealed class FunctionList
{
    public List<Overload> Overloads { get; } = [];

    public void Add(string signature, FunctionBody body) => Overloads.Add(Overload.Declare(signature, body));

    /// <summary>For work that does not grow with the arguments.</summary>
    public void AddCheap(string signature, FunctionBody body) => Overloads.Add(Overload.Declare(signature, body, CallCost.Constant));

    public void AddSearch(string signature, FunctionBody body) => Overloads.Add(Overload.Declare(signature, body, CallCost.Search));

    public void AddPattern(string signature, FunctionBody body) => Overloads.Add(Overload.Declare(signature, body, CallCost.Pattern));
}
