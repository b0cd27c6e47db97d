using Bunit;
using Portal.Components.Pages.Playground.Answers;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Components.Pages.Playground.Answers;

public sealed class AnswerPartsTests : ComponentTest
{
    [Fact]
    public void Fenced_lines_are_code_and_the_rest_is_text() => Assert.Equal(
        [new AnswerPart(false, "", "Try this:"), new AnswerPart(true, "csharp", "var x = 1;\n\nreturn `x`;"), new AnswerPart(false, "", "Done.")],
        AnswerParts.Split("Try this:\n\n```csharp\nvar x = 1;\n\nreturn `x`;\n```\nDone."));

    [Theory]
    [InlineData("```\nvar", true, "var")]
    [InlineData("a ``` b", false, "a ``` b")]
    [InlineData("", null, null)]
    [InlineData("```", null, null)]
    public void A_fence_that_is_not_closed_is_code_to_the_end(string text, bool? code, string? shown)
    {
        var part = AnswerParts.Split(text).SingleOrDefault();

        Assert.Equal((code, shown), (part?.Code, part?.Text));
    }

    [Fact]
    public void A_growing_text_keeps_its_pieces_and_no_character_is_cut()
    {
        var text = new string('x', 399) + "🙂" + new string('y', 500);

        var early = AnswerParts.Pieces(text[..401]).ToList();
        var late = AnswerParts.Pieces(text).ToList();

        Assert.Equal(text, string.Concat(late));
        Assert.Equal(early[0], late[0]);
        Assert.EndsWith("🙂", late[0], StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_model_writes_is_never_markup()
    {
        var view = Render<AnswerText>(set => set.Add(v => v.Text, "<b>bold</b> <script>alert(1)</script>\n```html\n<img src=x onerror=alert(1)>\n```"));

        Assert.Empty(view.FindAll("b, script, img"));
        Assert.Contains("<b>bold</b>", view.Find("p").TextContent, StringComparison.Ordinal);
        Assert.Equal("<img src=x onerror=alert(1)>", view.Find("pre").TextContent);
    }
}
