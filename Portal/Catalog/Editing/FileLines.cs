using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Portal.Catalog.Editing;

/// <summary>Finds the line of a JSON text in which something is said.</summary>
public static class FileLines
{
    /// <param name="json">Well-formed.</param>
    /// <param name="path">E.g. <c>plans[2].price</c>; of what is missing the line of what it is missing in.</param>
    /// <returns>Counted from 1.</returns>
    public static int Of(string json, string path)
    {
        var lines = All(json);
        for (var here = path; ; here = here[..Math.Max(0, here.LastIndexOfAny(['.', '[']))])
        {
            if (lines.TryGetValue(here, out var line))
            {
                return line;
            }
        }
    }

    /// <summary>The line of each value by its path; of the whole by the empty one.</summary>
    private static Dictionary<string, int> All(string json)
    {
        var bytes = Encoding.UTF8.GetBytes(json);
        var reader = new Utf8JsonReader(bytes);
        var lines = new Dictionary<string, int>();
        var open = new Stack<(string Path, int Next)>();
        var (name, line, counted) = ("", 1, 0);
        while (reader.Read())
        {
            line += bytes.AsSpan(counted, (int)reader.TokenStartIndex - counted).Count((byte)'\n');
            counted = (int)reader.TokenStartIndex;
            switch (reader.TokenType)
            {
                case JsonTokenType.PropertyName:
                    name = reader.GetString()!;
                    break;
                case JsonTokenType.EndObject or JsonTokenType.EndArray:
                    open.Pop();
                    break;
                default:
                    var path = Enter(open, name);
                    lines.TryAdd(path, line);
                    if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
                    {
                        open.Push((path, reader.TokenType == JsonTokenType.StartArray ? 0 : -1));
                    }

                    break;
            }
        }

        return lines;
    }

    /// <summary>The path of the value that begins: the next one of an array, or the one that was named.</summary>
    private static string Enter(Stack<(string Path, int Next)> open, string name)
    {
        if (!open.TryPop(out var parent))
        {
            return "";
        }

        open.Push(parent.Next < 0 ? parent : (parent.Path, parent.Next + 1));
        return parent.Next >= 0 ? string.Create(CultureInfo.InvariantCulture, $"{parent.Path}[{parent.Next}]") : parent.Path.Length == 0 ? name : $"{parent.Path}.{name}";
    }
}
