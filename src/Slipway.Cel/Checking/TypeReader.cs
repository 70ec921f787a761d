namespace Slipway.Cel.Checking;

/// <summary>Reads types as text. The well-known protobuf names are those of the CEL types that stand for them.</summary>
internal sealed class TypeReader(string text)
{
    private int _at;

    public bool AtEnd
    {
        get
        {
            Blanks();
            return _at >= text.Length;
        }
    }

    public CelType Whole()
    {
        var type = Read();
        return AtEnd ? type : throw new FormatException($"'{text}' is no type");
    }

    public bool Take(string symbol)
    {
        Blanks();
        if (string.CompareOrdinal(text, _at, symbol, 0, symbol.Length) != 0) return false;
        _at += symbol.Length;
        return true;
    }

    public void Expect(string symbol)
    {
        if (!Take(symbol)) throw new FormatException($"'{symbol}' is missing at {_at} of '{text}'");
    }

    public string Word()
    {
        Blanks();
        var start = _at;
        while (_at < text.Length && (char.IsAsciiLetterOrDigit(text[_at]) || text[_at] is '_' or '.' or '<' or '>' or '@')) _at++;
        return _at > start ? text[start.._at] : throw new FormatException($"a name is missing at {start} of '{text}'");
    }

    public CelType Read()
    {
        var name = Word();
        List<CelType> parameters = [];
        if (Take("("))
        {
            do parameters.Add(Read());
            while (Take(","));
            Expect(")");
        }

        return Make(name, parameters);
    }

    private static CelType Make(string name, List<CelType> parameters) => (name, parameters.Count) switch
    {
        ("timestamp", 0) => CelType.Timestamp,
        ("duration", 0) => CelType.Duration,
        ("dyn" or "any" or "google.protobuf.Any" or "google.protobuf.Value", 0) => CelType.Dyn,
        ("google.protobuf.Struct", 0) => CelType.Map(CelType.String, CelType.Dyn),
        ("google.protobuf.ListValue", 0) => CelType.List(CelType.Dyn),
        ("list", 0) => CelType.List(CelType.Dyn),
        ("map", 0) => CelType.Map(CelType.Dyn, CelType.Dyn),
        ("type", 0) => CelType.TypeOf(CelType.Dyn),
        ("bool", 0) => CelType.Bool,
        ("int", 0) => CelType.Int,
        ("uint", 0) => CelType.Uint,
        ("double", 0) => CelType.Double,
        ("string", 0) => CelType.String,
        ("bytes", 0) => CelType.Bytes,
        ("null_type", 0) => CelType.Null,
        ("google.protobuf.Timestamp", 0) => CelType.Timestamp,
        ("google.protobuf.Duration", 0) => CelType.Duration,
        _ => CelType.Named(name, [.. parameters]),
    };

    private void Blanks()
    {
        while (_at < text.Length && text[_at] == ' ') _at++;
    }
}
