using System.Text;
using System.Text.Json;

namespace Portal.Inference.Onnx;

/// <summary>The strings that a tokenizer reads as control tokens. In text of a user they would end or forge a turn.</summary>
internal sealed class SpecialStrings
{
    private readonly string[] strings;

    public SpecialStrings(IEnumerable<string> strings) => this.strings = [.. strings.Where(text => text.Length > 0).Distinct()];

    /// <summary>The special tokens that <c>tokenizer.json</c> and <c>tokenizer_config.json</c> of a folder declare.</summary>
    public static SpecialStrings Read(string folder)
    {
        using var tokenizer = ModelFiles.ReadJson(folder, "tokenizer.json");
        using var config = ModelFiles.ReadJson(folder, "tokenizer_config.json");
        var added = tokenizer.RootElement.TryGetProperty("added_tokens", out var list) && list.ValueKind == JsonValueKind.Array ? list.EnumerateArray().ToList() : [];
        if (config.RootElement.TryGetProperty("added_tokens_decoder", out var byId) && byId.ValueKind == JsonValueKind.Object)
        {
            added.AddRange(byId.EnumerateObject().Select(entry => entry.Value));
        }

        return new(added.Where(IsSpecial).Select(token => token.GetText("content", "")));
    }

    /// <summary>
    /// The text without them, and without NUL, at which native code would stop reading. What is left after a removal may form a special
    /// string anew, so each is looked for at the end of what was kept so far: one pass, whatever the nesting.
    /// </summary>
    public string Remove(string text)
    {
        var kept = new StringBuilder(text.Length);
        foreach (var character in text)
        {
            if (character == '\0')
            {
                continue;
            }

            kept.Append(character);
            foreach (var special in strings)
            {
                if (EndsWith(kept, special))
                {
                    kept.Length -= special.Length;
                    break;
                }
            }
        }

        return kept.ToString();
    }

    private static bool IsSpecial(JsonElement token) =>
        token.ValueKind == JsonValueKind.Object && token.TryGetProperty("special", out var special) && special.ValueKind == JsonValueKind.True;

    private static bool EndsWith(StringBuilder text, string end)
    {
        if (text.Length < end.Length)
        {
            return false;
        }

        // From the back: the last character decides almost always, and the builder finds it without a walk.
        for (var back = 1; back <= end.Length; back++)
        {
            if (text[^back] != end[^back])
            {
                return false;
            }
        }

        return true;
    }
}
