using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Slipway.ApiServer.Json;

namespace Slipway.ApiServer.Kinds.Protobuf;

/// <summary>
/// Reads the protobuf form of built-in kinds, in which Go's typed clients (kubectl create, auth can-i) send their bodies.
/// Answers are JSON always, which those clients accept.
/// </summary>
internal static class ProtobufReader
{
    public const string MediaType = "application/vnd.kubernetes.protobuf";

    private static readonly byte[] s_magic = [0x6B, 0x38, 0x73, 0x00];

    /// <exception cref="JsonException">The bytes are not an object of a known kind.</exception>
    public static JsonMap Read(ReadOnlySpan<byte> bytes)
    {
        if (!bytes.StartsWith(s_magic)) throw new JsonException("the body does not begin as Kubernetes protobuf does");
        var envelope = new ProtobufFields(bytes[s_magic.Length..]);
        string apiVersion = "", kind = "";
        ReadOnlySpan<byte> raw = default;
        while (envelope.Next())
        {
            if (envelope.Number == 2) raw = envelope.Bytes;
            if (envelope.Number != 1) continue;
            var type = new ProtobufFields(envelope.Bytes);
            while (type.Next())
            {
                if (type.Number == 1) apiVersion = Encoding.UTF8.GetString(type.Bytes);
                else if (type.Number == 2) kind = Encoding.UTF8.GetString(type.Bytes);
            }
        }

        var value = new JsonMap { ["apiVersion"] = apiVersion, ["kind"] = kind };
        Message(raw, TypeOf(apiVersion, kind), "", value, 0);
        return value;
    }

    private static ProtobufType TypeOf(string apiVersion, string kind)
    {
        var full = apiVersion.Contains('/', StringComparison.Ordinal) ? apiVersion : "core/" + apiVersion;
        return ProtobufType.Find($"{full}/{kind}") ?? ProtobufType.Find(kind)
            ?? throw new JsonException($"no protobuf form of {apiVersion}, Kind={kind} is known; send it as JSON");
    }

    private static void Message(ReadOnlySpan<byte> bytes, ProtobufType type, string prefix, JsonMap into, int depth)
    {
        if (depth > 64) throw new JsonException("the message is nested too deeply");
        var fields = new ProtobufFields(bytes);
        while (fields.Next())
        {
            var number = prefix + fields.Number.ToString(CultureInfo.InvariantCulture);
            if (type.Field(number) is { } field) Field(ref fields, field, into, depth);
            else if (type.IsInline(number)) Message(fields.Bytes, type, number + ".", into, depth + 1);
        }
    }

    private static void Field(ref ProtobufFields fields, ProtobufField field, JsonMap into, int depth)
    {
        switch (field.Shape)
        {
            case ProtobufShape.List:
                var list = into.List(field.Name) ?? new JsonList();
                list.Add(Value(ref fields, field.Item, depth));
                into[field.Name] = list;
                break;
            case ProtobufShape.Map:
                var entry = new ProtobufFields(fields.Bytes);
                var key = "";
                object? value = "";
                while (entry.Next())
                {
                    if (entry.Number == 1) key = Encoding.UTF8.GetString(entry.Bytes);
                    else value = Value(ref entry, field.Item, depth);
                }

                into.Ensure(field.Name)[key] = value;
                break;
            default:
                var single = Value(ref fields, field.Item, depth);
                if (!ProtobufZeros.MeansNothing(field.Name, single)) into[field.Name] = single;
                break;
        }
    }

    private static object? Value(ref ProtobufFields fields, string item, int depth)
    {
        switch (item)
        {
            case "string" or "duration":
                return Encoding.UTF8.GetString(fields.Bytes);
            case "boolean":
                return Boxes.Of(fields.Varint != 0);
            case "int32" or "int64":
                return (long)fields.Varint;
            case "number":
                return BitConverter.UInt64BitsToDouble(fields.Varint);
            case "bytes":
                return Convert.ToBase64String(fields.Bytes);
            case "time" or "microTime":
                return Time(fields.Bytes, item == "microTime");
            case "quantity":
                return First(fields.Bytes);
            case "intOrString":
                return IntOrString(fields.Bytes);
            case "raw" or "FieldsV1":
                return JsonParser.Parse(Inner(fields.Bytes));
            case "ExtraValue":
                var list = new JsonList();
                var items = new ProtobufFields(fields.Bytes);
                while (items.Next()) list.Add(Encoding.UTF8.GetString(items.Bytes));
                return list;
        }

        var map = new JsonMap();
        if (ProtobufType.Find(item) is { } type) Message(fields.Bytes, type, "", map, depth + 1);
        return map;
    }

    private static ReadOnlySpan<byte> Inner(ReadOnlySpan<byte> bytes)
    {
        var inner = new ProtobufFields(bytes);
        return inner.Next() ? inner.Bytes : "null"u8;
    }

    private static string First(ReadOnlySpan<byte> bytes)
    {
        var inner = new ProtobufFields(bytes);
        return inner.Next() ? Encoding.UTF8.GetString(inner.Bytes) : "0";
    }

    private static object IntOrString(ReadOnlySpan<byte> bytes)
    {
        var inner = new ProtobufFields(bytes);
        var isText = false;
        long number = 0;
        var text = "";
        while (inner.Next())
        {
            if (inner.Number == 1) isText = inner.Varint == 1;
            else if (inner.Number == 2) number = (int)inner.Varint;
            else text = Encoding.UTF8.GetString(inner.Bytes);
        }

        return isText ? text : number;
    }

    private static string? Time(ReadOnlySpan<byte> bytes, bool micro)
    {
        var inner = new ProtobufFields(bytes);
        long seconds = 0, nanos = 0;
        var any = false;
        while (inner.Next())
        {
            any = true;
            if (inner.Number == 1) seconds = (long)inner.Varint;
            else nanos = (long)inner.Varint;
        }

        // Go's zero time, the year 1, means that none is set.
        if (!any || seconds is < 0 or > 253_402_300_799) return null;
        var time = DateTimeOffset.FromUnixTimeSeconds(seconds).AddTicks(nanos / 100);
        return time.UtcDateTime.ToString(micro ? "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'" : "yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
    }
}

/// <summary>Steps through the fields of one protobuf message.</summary>
internal ref struct ProtobufFields(ReadOnlySpan<byte> message)
{
    private ReadOnlySpan<byte> _rest = message;

    public int Number { get; private set; }

    public ulong Varint { get; private set; }

    public ReadOnlySpan<byte> Bytes { get; private set; }

    public bool Next()
    {
        if (_rest.IsEmpty) return false;
        var tag = ReadVarint();
        Number = (int)(tag >> 3);
        Bytes = default;
        switch (tag & 7)
        {
            case 0:
                Varint = ReadVarint();
                break;
            case 1:
                Varint = BinaryPrimitives.ReadUInt64LittleEndian(Take(8));
                break;
            case 2:
                var length = ReadVarint();
                if (length > int.MaxValue) throw new JsonException("a protobuf field is longer than its message");
                Bytes = Take((int)length);
                break;
            case 5:
                Varint = BinaryPrimitives.ReadUInt32LittleEndian(Take(4));
                break;
            default:
                throw new JsonException("a protobuf field has an unknown wire type");
        }

        return true;
    }

    private ulong ReadVarint()
    {
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var next = Take(1)[0];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80) return value;
        }

        throw new JsonException("a protobuf number is too long");
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > _rest.Length) throw new JsonException("a protobuf field is longer than its message");
        var taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }
}
