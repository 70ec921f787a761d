namespace Slipway.Cel.Checking;

/// <summary>Variables of comprehensions and bindings around an expression, innermost first.</summary>
internal sealed record Scope<T>(string Name, T Value, Scope<T>? Outer)
{
    public static bool TryFind(Scope<T>? scope, string name, out T value)
    {
        for (; scope is not null; scope = scope.Outer)
        {
            if (scope.Name != name) continue;
            value = scope.Value;
            return true;
        }

        value = default!;
        return false;
    }
}
