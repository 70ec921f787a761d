using Slipway.Cel.Evaluation;
using Slipway.Cel.Functions;
using Slipway.Cel.Values;

namespace Slipway.Cel.Libraries;

/// <summary>Indexing and size (CEL spec, "List of Standard Definitions").</summary>
internal static class Containers
{
    public static void Add(FunctionList list)
    {
        foreach (var shape in new[] { "list(<V>), int", "map(<K>, <V>), <K>" })
        {
            var comma = shape.LastIndexOf(',');
            var (container, index) = (shape[..comma], shape[(comma + 1)..]);
            list.AddCheap($"`_[_]`({container}, {index}): <V>", a => Selection.Index(a[0], a[1]));
            list.AddCheap($"`_[_]`(optional_type({container}), {index}): optional_type(<V>)", a => Selection.Index(a[0], a[1]));
            list.AddCheap($"`_[?_]`({container}, {index}): optional_type(<V>)", a => Selection.OptionalIndex(a[0], a[1]));
            list.AddCheap($"`_[?_]`(optional_type({container}), {index}): optional_type(<V>)", a => Selection.OptionalIndex(a[0], a[1]));
        }

        list.AddCheap("size(list(<T>)): int", a => new IntValue(((ListValue)a[0]).Count));
        list.AddCheap("size(this list(<T>)): int", a => new IntValue(((ListValue)a[0]).Count));
        list.AddCheap("size(map(<K>, <V>)): int", a => new IntValue(((MapValue)a[0]).Count));
        list.AddCheap("size(this map(<K>, <V>)): int", a => new IntValue(((MapValue)a[0]).Count));
        list.Add("size(string): int", a => new IntValue(CodePoints.Count(a[0].Text())));
        list.Add("size(this string): int", a => new IntValue(CodePoints.Count(a[0].Text())));
        list.AddCheap("size(bytes): int", a => new IntValue(a[0].Bytes().Length));
        list.AddCheap("size(this bytes): int", a => new IntValue(a[0].Bytes().Length));
    }
}
