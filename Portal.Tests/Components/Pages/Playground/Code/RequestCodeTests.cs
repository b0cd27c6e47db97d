using System.Text.Json;
using System.Text.Json.Nodes;
using Portal.Components.Pages.Playground.Code;
using Portal.Inference.Text;
using Portal.Prompts.Requests;

namespace Portal.Tests.Components.Pages.Playground.Code;

public sealed class RequestCodeTests
{
    private static readonly Uri Address = new("https://portal.example/");

    private static readonly TextPrompt Text = new(Guid.Empty, "guide", [new ChatMessage("system", "be brief"), new ChatMessage("user", "What's \"this\"?\n🙂 那是什么？")], 64)
    {
        Sampling = new Sampling { Temperature = 0.7f, TopP = 0.9f, PresencePenalty = -0.5f, Seed = 7 }, Stop = ["END"],
    };

    private static readonly ImagePrompt Image = new(Guid.Empty, "shapes", "a red circle", 64, 64, 9, 5, 2);

    [Fact]
    public void Every_language_sends_the_same_body_as_the_playground_does()
    {
        const string expected = """
            {"model":"guide","messages":[{"role":"system","content":"be brief"},{"role":"user","content":"What's \"this\"?\n🙂 那是什么？"}],
             "max_tokens":64,"temperature":0.7,"top_p":0.9,"presence_penalty":-0.5,"seed":7,"stop":["END"]}
            """;

        AssertSame(expected, Between(Of(Text, CodeLanguage.Curl), "-d '", "'").Replace(@"'\''", "'", StringComparison.Ordinal));
        AssertSame(expected, Between(Of(Text, CodeLanguage.JavaScript), ".create(", ");\nconsole"));
        AssertSame(expected, Between(Of(Text, CodeLanguage.CSharp), "\"\"\"", "\"\"\""));
        var python = Of(Text, CodeLanguage.Python);
        Assert.Contains("    temperature=0.7,\n", python, StringComparison.Ordinal);
        Assert.Contains("""    stop=["END"],""", python, StringComparison.Ordinal);
        AssertSame("""[{"role":"system","content":"be brief"},{"role":"user","content":"What's \"this\"?\n🙂 那是什么？"}]""", Between(python, "messages=", ",\n    max_tokens"));
    }

    [Fact]
    public void Letters_stand_as_they_are_in_every_language() => Assert.All(Enum.GetValues<CodeLanguage>(), language => Assert.Contains("🙂 那是什么？", Of(Text, language), StringComparison.Ordinal));

    [Fact]
    public void Pictures_are_asked_for_with_their_size_steps_and_seed()
    {
        const string expected = """{"model":"shapes","prompt":"a red circle","n":2,"response_format":"b64_json","size":"64x64","steps":9,"seed":5}""";

        AssertSame(expected, Between(Of(Image, CodeLanguage.Curl), "-d '", "'"));
        AssertSame(expected, Between(Of(Image, CodeLanguage.JavaScript), ".generate(", ");\nconst"));
        Assert.Contains("""    extra_body={"steps":9,"seed":5},""", Of(Image, CodeLanguage.Python), StringComparison.Ordinal);
        Assert.Contains("https://portal.example/v1/images/generations", Of(Image, CodeLanguage.Curl), StringComparison.Ordinal);
    }

    private static string Of(PromptRequest request, CodeLanguage language) => new RequestCode(request, Address, "pk_abcd…").In(language).ReplaceLineEndings("\n");

    private static string Between(string code, string from, string to)
    {
        var start = code.IndexOf(from, StringComparison.Ordinal) + from.Length;
        return code[start..code.LastIndexOf(to, StringComparison.Ordinal)];
    }

    private static void AssertSame(string expected, string actual) =>
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), JsonNode.Parse(actual)), JsonSerializer.Serialize(actual));
}
